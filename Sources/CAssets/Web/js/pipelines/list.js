// Every pipeline: its switch, schedule, last runs; what failed and what is broken comes first.
import { getJSON, paths } from "../api.js";
import { button, el, emptyState, keyed, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { listen } from "../live.js";
import { go, to } from "../router.js";
import { glyph, setGlyph, stateWord } from "../states.js";
import { exampleButton } from "../parts/examples.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { problemParts, runLabel, scheduleLines } from "./names.js";
import { pauseOrResume, runNow } from "./orders.js";

const lastRuns = 10;
const shownProblems = 3;

/** The last runs, oldest first, as squares that lead to them. */
const makeSquares = () => {
	const node = el("div", { class: "squares", role: "group", "aria-label": t`Last runs, oldest first` });
	const square = (run) => {
		const badge = glyph(run.state, 20);
		const link = el("a", { class: "square" }, badge);
		return { node: link, update(run) {
			setGlyph(badge, run.state);
			const label = `${runLabel(run, run.zone)}: ${stateWord(run.state)}`;
			setAttribute(link, "href", to("pipelines", run.pipeline, "runs", run.id));
			setAttribute(link, "aria-label", label);
			setAttribute(link, "title", run.message ? `${label}. ${run.message}` : label);
		} };
	};
	const update = ({ id, timezone, last_runs: runs }) =>
		keyed(node, runs.slice(0, lastRuns).reverse().map((run) => ({ ...run, pipeline: id, zone: timezone })), (run) => run.id, square);
	return { node, update };
};

/** `order(pipeline)`: what is broken, then what failed last, then the others. */
const rank = ({ problems, last_runs: runs }) => (problems.length > 0 ? 0 : runs.find(({ state }) => state !== "running" && state !== "queued")?.state === "failed" ? 1 : 2);

const makeRow = (changed) => (first) => {
	let pipeline = first;
	const toggle = el("button", { type: "button", role: "switch", class: "switch", onclick: () => pauseOrResume(pipeline, changed) });
	const name = el("a", { class: "name", href: to("pipelines", first.id) }, first.id);
	const about = el("div", { class: "muted about" });
	const tags = el("div", { class: "tags" });
	const problems = el("ul", { class: "problems" });
	const schedule = el("div", { class: "schedule" });
	const squares = makeSquares();
	const run = button(t`Run now`, "small", () => runNow(pipeline));
	setAttribute(run, "aria-label", t`Run ${first.id} now`);
	const node = el("li", { class: "pipeline" }, el("div", { class: "on" }, toggle),
		el("div", { class: "what" }, el("div", { class: "row" }, name, tags), about, problems), schedule, squares.node, el("div", { class: "act" }, run));
	let drawn = "";

	const update = (now) => {
		pipeline = now;
		const text = JSON.stringify(now);
		if (text === drawn) return;
		drawn = text;
		const isRunnable = now.version !== "";
		for (const control of [toggle, run]) control.hidden = !isRunnable;
		setAttribute(toggle, "aria-checked", String(!now.paused));
		setAttribute(toggle, "aria-label", t`Schedule of ${now.id}`);
		setText(toggle, now.paused ? t`off` : t`on`);
		setText(about, now.description);
		about.title = now.description;
		replace(tags, now.tags.map((tag) => el("a", { class: "badge", href: `/pipelines?tag=${encodeURIComponent(tag)}` }, tag)));
		const [told, left] = [now.problems.slice(0, shownProblems), now.problems.length - shownProblems];
		replace(problems, told.map((problem) => {
			const { line, text } = problemParts(problem, now.file);
			return el("li", {}, glyph("failed", 14), el("a", { href: to("pipelines", now.id, "file") + (line ? `?line=${line}` : "") }, text));
		}), left > 0 && el("li", {}, el("a", { href: to("pipelines", now.id, "file") }, t`and ${left} more`)));
		replace(schedule, isRunnable ? scheduleLines(now) : t`cannot run until its file is right`);
		squares.update(now);
	};
	return { node, update };
};

export const mountList = (place) => {
	const filter = el("input", { type: "text", id: "pipeline-filter", placeholder: t`Filter by name, tag, text`, "aria-label": t`Filter`, autocomplete: "off" });
	const chosen = el("div", { class: "row" });
	const sum = el("p", { class: "crumbs", role: "status" });
	const list = el("ul", { class: "pipelines" });
	const nothing = el("div");
	place.append(el("div", { class: "page-head" }, el("div", {}, el("h1", {}, t`Pipelines`), sum), el("div", { class: "row" }, chosen, filter, exampleButton((id) => go(to("pipelines", id))))), nothing, el("div", { class: "card" }, list));

	let pipelines = null;
	let problem = null;
	let query = new URLSearchParams();
	/** Not while another screen or page is shown. */
	const isShown = () => place.checkVisibility();

	const matches = ({ id, description, tags, file }) => {
		const tag = query.get("tag");
		const words = (query.get("filter") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
		const text = [id, description, file, ...tags].join(" ").toLowerCase();
		return (!tag || tags.includes(tag)) && words.every((word) => text.includes(word));
	};

	const draw = () => {
		if (!pipelines) return replace(nothing, problem ? problemBox(problem) : el("p", { class: "muted" }, t`reading…`));
		const found = pipelines.filter(matches).sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
		const ranked = (wanted) => pipelines.filter((each) => rank(each) === wanted).length;
		setText(sum, [pipelines.length === 1 ? t`1 pipeline` : t`${pipelines.length} pipelines`, ranked(1) > 0 && t`${ranked(1)} failed last`, ranked(0) > 0 && t`${ranked(0)} with errors in the file`,
			found.length < pipelines.length && t`${found.length} shown`].filter(Boolean).join(" · "));
		chosen.hidden = !query.get("tag");
		list.classList.toggle("long", found.length > 60);
		replaceWhen(chosen, query.get("tag"), () => query.get("tag") && el("a", { class: "badge strong", href: "/pipelines", title: t`Show all` }, `${query.get("tag")} ×`));
		keyed(list, found, ({ id, file }) => `${id} ${file}`, makeRow(replaceOne));
		list.parentElement.hidden = found.length === 0;
		replace(nothing, pipelines.length === 0 ? emptyState(t`No pipeline is registered.`, t`Put a YAML file into the folder pipelines of mlstack's home; it is picked up at once.`)
			: found.length === 0 && emptyState(t`No pipeline matches.`, t`Take something out of the filter.`));
	};
	const redraw = throttled(300, () => isShown() && draw());

	const replaceOne = (pipeline) => {
		pipelines = pipelines.map((each) => (each.id === pipeline.id ? { ...each, ...pipeline } : each));
		redraw();
	};

	const load = throttled(1500, async () => {
		if (!isShown()) return;
		try {
			({ pipelines } = await getJSON(paths.pipelines));
			problem = null;
		} catch (error) {
			problem = error;
		}
		redraw();
	});

	listen("run", (run) => {
		const listed = pipelines?.find(({ id }) => id === run.pipeline);
		if (!listed) return;
		const others = listed.last_runs.filter(({ id }) => id !== run.id);
		const place = others.length < listed.last_runs.length ? listed.last_runs.findIndex(({ id }) => id === run.id) : 0;
		others.splice(place, 0, run);
		listed.last_runs = others.slice(0, lastRuns);
		// The schedule has moved on with it.
		listed.next = listed.next.filter(({ clock, at }) => clock !== run.clock || at > run.logical_date);
		if (listed.next.length < 3 && run.cause === "schedule") load();
		redraw();
	});
	for (const type of ["pipeline", "gap"]) listen(type, load);
	filter.addEventListener("input", () => {
		const next = new URLSearchParams(query);
		if (filter.value) next.set("filter", filter.value);
		else next.delete("filter");
		go(`/pipelines${next.size > 0 ? `?${next}` : ""}`, { replaces: true });
	});

	return {
		show(asked) {
			query = asked;
			if (document.activeElement !== filter) filter.value = query.get("filter") ?? "";
			draw();
			load();
			return t`Pipelines`;
		},
	};
};
