// The pipeline's file: its text with errors marked in place, the versions that runs had, and what differs between two.
import { getJSON, paths } from "../api.js";
import { copyButton, el, problemBox, replace, replaceWhen } from "../dom.js";
import { momentInZone } from "../format.js";
import { command, quoted } from "../parts/command.js";
import { go } from "../router.js";
import { glyph } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { around, difference } from "./diff.js";
import { fileName } from "./names.js";

/** So many lines are laid out at once; a file of 5,000 shows at once what is in sight. */
const chunk = 100;

const short = (version) => version.slice(0, 8);

const remark = (diagnostic) =>
	el("div", { class: `remark ${diagnostic.severity}` }, el("span", { class: "caret", "aria-hidden": "true" }, `${" ".repeat(Math.max(0, diagnostic.column - 1))}^`),
		el("span", {}, glyph(diagnostic.severity === "error" ? "failed" : "up_for_retry", 14), ` ${diagnostic.code} ${diagnostic.message}`,
			diagnostic.suggestion && !diagnostic.message.includes(diagnostic.suggestion) && el("span", { class: "muted" }, [" ", t`write ${diagnostic.suggestion}`])));

export const mountFile = (place) => {
	let context = null;
	let versions = [];
	let shown = null;
	let texts = new Map();
	const shownChoice = el("select", { id: "file-version", onchange: () => ask({ version: shownChoice.value }) });
	const otherChoice = el("select", { id: "file-against", onchange: () => ask({ version: context.query.get("version"), against: otherChoice.value }) });
	const facts = el("p", { class: "muted" });
	const list = el("ul", { class: "problems" });
	const code = el("div", { class: "code", tabindex: 0, role: "region", "aria-label": t`Text of the file` });
	const copy = copyButton(t`Copy the file`, () => shown?.source ?? "");
	const message = el("div");
	const commands = el("div", { class: "commands" });
	place.append(el("div", { class: "card" },
		el("div", { class: "row" }, el("label", { class: "field" }, t`Version`, shownChoice), el("label", { class: "field" }, t`compare with`, otherChoice), copy), facts, message, list, code, commands));

	const ask = (query) => go(context.href("file", query), { replaces: true });

	const text = async (version) => {
		const key = `${context.id} ${version}`;
		if (!version || !texts.has(key)) texts.set(key, await getJSON(paths.file(context.id, version)));
		return texts.get(key);
	};

	const drawText = ({ source, diagnostics, file }) => {
		const wanted = Number(context.query.get("line"));
		const remarks = Map.groupBy?.(diagnostics.filter((each) => each.file === file), ({ line }) => line) ?? diagnostics.reduce((map, each) => map.set(each.line, [...(map.get(each.line) ?? []), each]), new Map());
		const lines = source.split(/\r\n|[\n\r]/);
		if (lines.at(-1) === "") lines.pop();
		const drawn = lines.map((line, n) => [
			el("div", { class: n + 1 === wanted ? "code-line chosen" : "code-line", id: `line-${n + 1}` }, el("a", { class: "line-number", href: context.href("file", { version: context.query.get("version"), line: n + 1 }), tabindex: -1, "data-replaces": true }, String(n + 1)), el("code", {}, line || " ")),
			(remarks.get(n + 1) ?? []).map(remark),
		]);
		const chunks = Array.from({ length: Math.ceil(drawn.length / chunk) }, (_, n) => el("div", { class: "chunk" }, drawn.slice(n * chunk, (n + 1) * chunk)));
		replace(code, chunks);
		const line = wanted && code.querySelector(`#line-${wanted}`);
		if (line) line.scrollIntoView({ block: "center" });
	};

	const drawDifference = (before, after) => {
		const lines = difference(before.source.split("\n"), after.source.split("\n"));
		if (!lines) return replace(code, el("p", { class: "muted" }, t`The two differ in too many lines to be laid side by side.`));
		const isSame = lines.every(({ kind }) => kind === "same");
		const signs = { in: "+", out: "−", same: " " };
		replace(code, isSame ? el("p", { class: "muted" }, t`The two are the same.`) : around(lines).map((line) =>
			line.kind === "gap" ? el("div", { class: "code-gap muted" }, line.count === 1 ? t`1 equal line` : t`${line.count} equal lines`)
				: el("div", { class: `code-line ${line.kind}` }, el("span", { class: "line-number" }, line.before ?? ""), el("span", { class: "line-number" }, line.after ?? ""), el("code", {}, `${signs[line.kind]} ${line.text}`))));
	};

	const draw = async () => {
		const mine = context;
		const [version, against] = [mine.query.get("version"), mine.query.get("against")];
		try {
			[{ versions }, shown] = await Promise.all([getJSON(paths.versions(mine.id)), text(version)]);
			const other = against ? await text(against) : null;
			if (mine !== context) return;
			replace(message);
			const isDraft = !version && !shown.current;
			const name = (each) => [short(each.version), each.current && t`the one that runs`, each.runs > 0 ? t`${each.runs} runs, last ${momentInZone(each.last_used_at, mine.detail?.timezone)}` : t`no run yet`].filter(Boolean).join(" · ");
			replace(shownChoice, el("option", { value: "" }, isDraft ? t`the file as it is (not running)` : t`the file as it is`), versions.map((each) => el("option", { value: each.version }, name(each))));
			shownChoice.value = version ?? "";
			const others = versions.filter((each) => each.version !== shown.version);
			replace(otherChoice, el("option", { value: "" }, t`nothing`), others.map((each) => el("option", { value: each.version }, name(each))));
			otherChoice.value = against ?? "";
			otherChoice.disabled = others.length === 0;
			replace(facts, [fileName(shown.file), t`content hash ${short(shown.version)}`, Object.keys(shown.includes).length > 0 && t`includes ${Object.keys(shown.includes).join(", ")}`].filter(Boolean).join(" · "));
			facts.title = `${shown.file}\n${shown.version}`;
			replace(list, shown.problems.map((problem) => el("li", {}, glyph("failed", 14), problem)),
				shown.diagnostics.map((each) => el("li", {}, glyph(each.severity === "error" ? "failed" : "up_for_retry", 14),
					el("a", { "data-replaces": true, href: each.file === shown.file ? mine.href("file", { line: each.line }) : mine.href("file") }, `${fileName(each.file)}:${each.line}:${each.column} ${each.code} ${each.message}`))));
			replaceWhen(commands, version ?? shown.file, () => !version && [
				el("p", { class: "muted" }, t`In a terminal: check it, as a pull request's checks do, and take it to Airflow.`),
				command(`mlstack pipeline validate ${quoted(shown.file)}`), command(`mlstack export airflow ${quoted(shown.file)}`)]);
			if (other) drawDifference(other, shown);
			else drawText(shown);
		} catch (error) {
			if (mine !== context) return;
			replace(message, problemBox(error));
			replace(code);
		}
	};
	const load = throttled(500, draw);

	return {
		show(next) {
			if (context?.id !== next.id) {
				replace(code);
				replace(list);
				replace(message, el("p", { class: "muted" }, t`reading…`));
				texts = new Map();
			}
			context = next;
			load();
		},
		hear: (type) => type === "gap" && load(),
	};
};
