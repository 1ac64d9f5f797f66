// The pipeline of the day with live states; one may look back at its last runs.
import { button, byId, el, emptyState, keyed, problemBox, replace, replaceWhen, setAttribute, setText, textUnit } from "../dom.js";
import { duration, runName, secondsBetween, shortDay, wallTime } from "../format.js";
import { to } from "../router.js";
import { ensureDetail, ensureRun, runInView, show } from "../runs.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { state, watch, zoneOf } from "../store.js";
import { t } from "../words.js";
import { exampleButton } from "../parts/examples.js";
import { makeGraph } from "../parts/graph.js";
import { schedules } from "../parts/schedules.js";

/** More pipelines than this are a list to choose from. */
const mostTabs = 8;

const causes = { schedule: t`by its schedule`, manual: t`by hand`, pipeline: t`by another pipeline` };

const square = (item) => {
	const badge = glyph(item.state, 20);
	const node = button(badge, "square", () => show({ run: item.id, pipeline: item.pipeline, task: null }));
	return { node, update(run) {
		setGlyph(badge, run.state);
		const label = `${shortDay(run.logical_date, zoneOf(run.pipeline))}: ${stateWord(run.state)}`;
		setAttribute(node, "title", label);
		setAttribute(node, "aria-label", label);
		setAttribute(node, "aria-pressed", String(run.isInView));
	} };
};

const tab = ({ id }) => {
	const node = button(id, "small", () => show({ pipeline: id, run: null, task: null }));
	return { node, update: () => setAttribute(node, "aria-pressed", String(state.view.pipeline === id)) };
};

/** What a run came to, in one sentence. */
const summary = (run, { timezone }) => [
	el("a", { href: to("pipelines", run.pipeline, "runs", run.id) }, runName(run, timezone)), ": ", el("b", {}, stateWord(run.state)),
	run.started_at && (run.ended_at ? t` in ${duration(secondsBetween(run.started_at, run.ended_at))}` : t` since ${wallTime(run.started_at)}`),
	causes[run.cause] && t`, started ${causes[run.cause]}`,
];

export const mountFlow = () => {
	const tabs = el("div", { class: "row tabs", role: "group", "aria-label": t`Pipelines` });
	const choice = el("select", { "aria-label": t`Pipelines`, onchange: () => show({ pipeline: choice.value, run: null, task: null }) });
	const sentence = el("p", { class: "sentence" });
	const message = el("p", { class: "message" });
	const squares = el("div", { class: "row squares", role: "group", "aria-label": t`Last runs, oldest first` });
	const follow = button(t`Follow the newest run`, "small", () => show({ run: null, task: null }));
	const place = el("div", { class: "scroll" });
	const about = el("p", { class: "muted about" });
	byId("flow-title").after(el("div", { class: "row between" }, tabs, choice, exampleButton((pipeline) => show({ pipeline, run: null, task: null }))));
	byId("flow").append(el("div", { class: "row between" }, sentence, el("div", { class: "row" }, follow, squares)), message, place, about);

	let graph = null;
	let graphKey = "";
	const openTask = (task) => {
		const entry = runInView();
		if (!entry) return;
		const isOpen = state.view.task === task;
		// A run that is looked into stays in view while newer ones go by.
		show({ run: isOpen ? state.view.run : entry.run.id, task: isOpen ? null : task });
	};

	const drawTabs = () => {
		const pipelines = state.pipelines ?? [];
		const isMany = pipelines.length > mostTabs;
		tabs.hidden = isMany || pipelines.length < 2;
		choice.hidden = !isMany;
		if (!isMany) return keyed(tabs, pipelines, (pipeline) => pipeline.id, tab);
		replaceWhen(choice, pipelines.map(({ id }) => id).join("\n"), () => pipelines.map(({ id }) => el("option", {}, id)));
		if (document.activeElement !== choice) choice.value = state.view.pipeline;
	};

	const draw = () => {
		drawTabs();
		const detail = state.details.get(state.view.pipeline);
		if (!detail) {
			const refused = state.problems.pipelines;
			graphKey = "";
			follow.hidden = true;
			if (state.view.pipeline) ensureDetail(state.view.pipeline).catch(() => {});
			return replace(place, refused ? problemBox(refused)
				: state.pipelines?.length === 0 ? emptyState(t`No pipeline is registered.`, t`Put a YAML file into the folder pipelines of mlstack's home; it is picked up at once.`)
					: el("p", { class: "muted" }, "…"));
		}
		const entry = runInView();
		const recent = state.recent.get(detail.id) ?? [];
		const wanted = state.view.run ?? recent[0]?.id;
		if (wanted && !entry?.complete) ensureRun(detail.id, wanted).catch(() => {});
		keyed(squares, [...recent].reverse().map((run) => ({ ...run, pipeline: detail.id, isInView: run.id === entry?.run.id })), (run) => run.id, square);
		follow.hidden = state.view.run === null;

		const { run } = entry ?? {};
		const key = run ? JSON.stringify([run.pipeline, run.id, run.logical_date, run.state, run.started_at, run.ended_at, run.cause, detail.timezone]) : String(recent.length > 0);
		replaceWhen(sentence, key, () => (run ? summary(run, detail) : recent.length ? "…" : t`It has not run yet. Press Play, or Step to let one day go by.`));
		setText(message, entry?.run.message ?? "");
		message.hidden = !entry?.run.message;
		setText(about, [detail.description, schedules(detail).join(", "), detail.timezone && t`times in ${detail.timezone}`].filter(Boolean).join(" · "));

		const unit = textUnit();
		const width = place.clientWidth / unit;
		// Another page is shown.
		if (width === 0) return;
		const nextKey = `${detail.id} ${detail.version} ${Math.round(width / 8)}`;
		if (nextKey !== graphKey) {
			graphKey = nextKey;
			graph = makeGraph(detail, width, unit, openTask);
			replace(place, graph.node);
		}
		graph.update(entry?.tasks ?? new Map(), state.view.task);
	};
	const ask = watch(["runs", "view", "pipelines"], draw);
	new ResizeObserver(ask).observe(place);
	// A running task's time goes on between two events.
	setInterval(() => {
		const entry = runInView();
		if (entry && !hasEnded(entry.run.state) && !document.hidden) ask();
	}, 1000);
};
