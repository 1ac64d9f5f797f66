// One pipeline: what it is, its switch, and the views of it, of which the address names one.
import { getJSON, paths } from "../api.js";
import { button, el, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { listen } from "../live.js";
import { to } from "../router.js";
import { glyph } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { mountAudit } from "./audit.js";
import { mountBackfill } from "./backfill.js";
import { mountCalendar } from "./calendar.js";
import { mountFile } from "./file.js";
import { mountGrid } from "./grid.js";
import { mountOneRun } from "./oneRun.js";
import { problemParts, scheduleLines } from "./names.js";
import { pauseOrResume, runNow } from "./orders.js";
import { mountTrigger } from "./trigger.js";

/** A view is made in a place and returns `{show(context), hear?(type, data)}`; context is `{id, detail, query, href}`. */
const views = [
	{ key: "grid", name: t`Runs`, mount: mountGrid },
	{ key: "graph", name: t`Graph`, mount: (place) => mountOneRun(place, "graph") },
	{ key: "gantt", name: t`Time and resources`, mount: (place) => mountOneRun(place, "gantt") },
	{ key: "calendar", name: t`Calendar`, mount: mountCalendar },
	{ key: "file", name: t`File`, mount: mountFile },
	{ key: "trigger", name: t`Run with params`, mount: mountTrigger },
	{ key: "backfill", name: t`Backfill`, mount: mountBackfill },
	{ key: "audit", name: t`What people did`, mount: mountAudit },
];

export const mountPipeline = (place) => {
	const title = el("h1");
	const about = el("p", { class: "muted about" });
	const schedule = el("div", { class: "schedule" });
	const toggle = el("button", { type: "button", role: "switch", class: "switch", onclick: () => detail && pauseOrResume(detail, take) });
	const run = button(t`Run now`, "primary", () => runNow(detail));
	const problems = el("div");
	const nav = el("nav", { class: "views", "aria-label": t`Views` });
	const body = el("div");
	place.append(
		el("p", { class: "crumbs" }, el("a", { href: "/pipelines" }, t`Pipelines`)),
		el("div", { class: "page-head" }, el("div", { class: "grow" }, el("div", { class: "row" }, title, toggle), about), el("div", { class: "row" }, schedule, run)),
		problems, nav, body);

	let id = null;
	let detail = null;
	let visit = { view: null, query: new URLSearchParams() };
	const made = new Map();

	const active = () => {
		const key = visit.view ?? (detail.version === "" ? "file" : "grid");
		const view = views.find((each) => each.key === key);
		if (!view) throw Object.assign(new Error(t`A pipeline has no view ${key}.`), { remedy: t`Choose one from the menu.` });
		if (!made.has(key)) {
			const node = el("div", { class: "view" });
			made.set(key, { key, name: view.name, node, ...view.mount(node) });
		}
		return made.get(key);
	};

	const href = (view, query = {}) => {
		const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
		return to("pipelines", id, ...(view === "grid" ? [] : [view])) + (text && `?${text}`);
	};

	const drawHead = () => {
		setText(title, id);
		setText(about, detail.description);
		about.title = detail.description;
		const isRunnable = detail.version !== "";
		for (const control of [toggle, run]) control.hidden = !isRunnable;
		setAttribute(toggle, "aria-checked", String(!detail.paused));
		setAttribute(toggle, "aria-label", t`Schedule of ${id}`);
		setText(toggle, detail.paused ? t`off` : t`on`);
		replace(schedule, scheduleLines(detail));
		replaceWhen(problems, JSON.stringify([id, detail.version, detail.problems, active().key === "file"]), () => detail.problems.length > 0 && el("div", { class: "problem" },
			el("strong", {}, isRunnable ? t`The file has errors; its last good version goes on running.` : t`The file has errors; it cannot run until it is right.`),
			// The file's own view has them at their places.
			active().key !== "file" && el("ul", { class: "problems" }, detail.problems.slice(0, 20).map((problem) => {
				const { line, text } = problemParts(problem, detail.file);
				return el("li", {}, glyph("failed", 14), el("a", { href: href("file", { line }) }, text));
			}))));
	};

	const draw = () => {
		drawHead();
		const view = active();
		replaceWhen(nav, `${view.key} ${detail.version !== ""} ${id}`, () => views.filter(({ key }) => detail.version !== "" || key === "file" || key === "audit").map(({ key, name }) =>
			el("a", { href: href(key), "aria-current": key === view.key && "page" }, name)));
		if (view.node.parentNode !== body) body.replaceChildren(view.node);
		view.show({ id, detail, query: visit.query, href });
		return view;
	};

	/** An answer about the pipeline as a whole, such as to an order. */
	const take = (answer) => {
		if (answer.id !== id) return;
		detail = answer;
		drawHead();
	};

	const reload = throttled(1500, async () => {
		if (!place.checkVisibility() || !detail) return;
		const mine = id;
		const answer = await getJSON(paths.pipeline(mine)).catch(() => null);
		if (!answer || mine !== id) return;
		const isOther = answer.version !== detail.version || JSON.stringify(answer.problems) !== JSON.stringify(detail.problems);
		take(answer);
		if (isOther) draw();
	});
	listen("pipeline", (event) => event.id === id && reload());
	listen("gap", () => {
		reload();
		if (detail && place.checkVisibility()) active().hear?.("gap");
	});
	for (const type of ["run", "task"]) {
		listen(type, (data) => {
			if (data.pipeline !== id || !detail || !place.checkVisibility()) return;
			active().hear?.(type, data);
			if (type === "run" && data.cause === "schedule") reload();
		});
	}

	return {
		async show(asked, view, query) {
			const isOther = asked !== id;
			visit = { view, query };
			if (isOther) {
				[id, detail] = [asked, null];
				setText(title, asked);
				for (const control of [toggle, run]) control.hidden = true;
				replace(about);
				replace(schedule);
				for (const each of [problems, nav]) replaceWhen(each, "", () => null);
				body.replaceChildren(el("p", { class: "muted" }, t`reading…`));
				try {
					const answer = await getJSON(paths.pipeline(asked));
					if (asked !== id) return;
					detail = answer;
				} catch (error) {
					if (asked !== id) return;
					id = null;
					body.replaceChildren(problemBox(error));
					return asked;
				}
			}
			if (!detail) return asked;
			const { name } = draw();
			return `${asked}, ${name}`;
		},
	};
};
