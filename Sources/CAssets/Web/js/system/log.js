// What the server says: its latest lines, by level and text, as they come.
import { getJSON, paths } from "../api.js";
import { button, copyButton, el, emptyState, problemBox, replace, setText } from "../dom.js";
import { count, wallTime } from "../format.js";
import { poll } from "../poll.js";
import { go, to } from "../router.js";
import { t } from "../words.js";

const most = 1000;
const levels = [["trace", t`everything`], ["notice", t`notices and graver`], ["warning", t`warnings and errors`], ["error", t`errors`]];
const levelNames = { trace: t`trace`, debug: t`debug`, info: t`info`, notice: t`notice`, warning: t`warning`, error: t`error`, critical: t`critical` };

const plainText = ({ at, level, message, facts }) => `${at} ${level} ${message}${Object.entries(facts).map(([key, value]) => ` ${key}=${value}`).join("")}`;

const row = (line) => {
	const facts = Object.entries(line.facts);
	return el("div", { class: `line level-${line.level}`, role: "listitem" },
		el("time", { datetime: line.at, title: line.at }, wallTime(line.at)), el("span", { class: "level" }, levelNames[line.level] ?? line.level),
		el("span", { class: "said" }, line.message, facts.length > 0 && el("span", { class: "muted" }, ` (${facts.map(([key, value]) => `${key}=${value}`).join(" ")})`)));
};

export const mountLog = (node) => {
	const problem = el("div");
	const level = el("select", { "aria-label": t`Level`, onchange: () => choose() }, levels.map(([value, text]) => el("option", { value }, text)));
	const search = el("input", { type: "text", placeholder: t`find in the lines`, "aria-label": t`find in the lines`, maxlength: 200 });
	const told = el("p", { class: "muted" });
	const list = el("div", { class: "log server-log", role: "list", tabindex: 0, "aria-label": t`Lines of the log` });
	const nothing = el("div");
	let lines = [];
	const copy = copyButton(t`Copy`, () => lines.map(plainText).join("\n"));
	const below = button(t`To the end`, "small", () => {
		list.scrollTop = list.scrollHeight;
	});
	node.append(problem, el("section", { class: "card", "aria-labelledby": "log-title" },
		el("div", { class: "row between" }, el("h2", { id: "log-title" }, t`What the server says`), el("div", { class: "row" }, level, search, copy, below)), told, nothing, list));

	let asked = { level: "trace", query: "" };
	let last = 0;
	/** Counts the questions: an answer to a former one is dropped. */
	let turn = 0;

	const add = (answer, isNew) => {
		const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
		if (isNew) replace(list);
		lines = [...(isNew ? [] : lines), ...answer.lines].slice(-most);
		list.append(...answer.lines.map(row));
		while (list.childElementCount > most) list.firstChild.remove();
		if (isNew || isAtEnd) list.scrollTop = list.scrollHeight;
		list.hidden = lines.length === 0;
		replace(nothing, lines.length === 0 && emptyState(asked.query || asked.level !== "trace" ? t`No line is like this.` : t`Nothing has been said yet.`, asked.query || asked.level !== "trace" ? t`Choose another level, or find something else.` : t`Lines come as tasks begin and end.`));
		setText(told, t`${count(lines.length)} lines shown; the server keeps the latest ${count(answer.last_id - answer.first_id + 1)} of ${count(answer.last_id)} since its start. New ones come by themselves.`);
	};
	const load = poll(node, 2000, async () => {
		const mine = turn;
		try {
			const answer = await getJSON(paths.systemLog({ after: last, level: asked.level, query: asked.query, limit: most }));
			if (mine !== turn) return;
			replace(problem);
			// After a restart the ids begin again.
			if (answer.last_id < last) return void (last = 0);
			const isNew = last === 0;
			last = answer.last_id;
			if (isNew || answer.lines.length > 0) add(answer, isNew);
		} catch (error) {
			replace(problem, problemBox(error));
		}
	});

	const choose = () => {
		const query = new URLSearchParams();
		if (level.value !== "trace") query.set("level", level.value);
		if (search.value.trim()) query.set("query", search.value.trim());
		go(query.size > 0 ? `${to("system", "log")}?${query}` : to("system", "log"), { replaces: true });
	};
	let pause = null;
	search.addEventListener("input", () => {
		clearTimeout(pause);
		pause = setTimeout(choose, 250);
	});

	const open = (query) => {
		const wanted = { level: levels.some(([name]) => name === query.get("level")) ? query.get("level") : "trace", query: (query.get("query") ?? "").slice(0, 200) };
		level.value = wanted.level;
		if (search.value.trim() !== wanted.query) search.value = wanted.query;
		if (wanted.level !== asked.level || wanted.query !== asked.query) {
			[asked, last] = [wanted, 0];
			turn += 1;
		}
		load();
	};
	return { open };
};
