// The parts of the program with their states and queues, memory and disk, and what the doctor finds.
import { paths, post } from "../api.js";
import { button, el, emptyState, keyed, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { bytes, count, shortDay, wallTime } from "../format.js";
import { command, quoted } from "../parts/command.js";
import { drawFigures, makeFigures } from "../parts/figures.js";
import { to } from "../router.js";
import { glyph } from "../states.js";
import { t } from "../words.js";

const names = {
	http: t`HTTP server`, replay: t`Replay clock`, scheduler: t`Scheduler`, trainer: t`Trainer`, serving: t`Model in service`,
	store: t`Database`, feedback: t`Feedback`, notifications: t`Notifications`,
};
const states = {
	running: [t`working`, "running"], idle: [t`idle`, "success"], paused: [t`paused`, "queued"], finished: [t`finished`, "success"],
	failing: [t`failing`, "failed"], off: [t`off`, "none"],
};
const queues = {
	pool: (name) => t`pool ${name}`, runs: () => t`runs`, writes: () => t`writes`, fits: () => t`computations`, events: () => t`events being written`,
	listeners: () => t`pages that listen`, notifications: () => t`messages`, day_events: () => t`events for the next day`,
};
const places = {
	database: t`Database`, ratings: t`Ratings`, artifacts: t`Artefacts`, logs: t`Task logs`, work: t`Files between tasks`, datasets: t`Datasets`, pipelines: t`Pipelines`,
};
const links = { replay: "/", scheduler: to("pipelines"), serving: to("models"), feedback: to("data", "events"), http: to("system", "load") };

const meter = ({ used, limit, waiting }) => {
	const bar = el("span");
	bar.style.width = `${Math.min(100, (used / limit) * 100)}%`;
	return el("span", { class: used >= limit && waiting > 0 ? "meter full" : "meter", "aria-hidden": "true" }, bar);
};

const queueLine = (queue) => {
	const { kind, name, used, limit, waiting } = queue;
	const inUse = limit === null ? (used > 0 || waiting === 0) && t`${count(used)} now` : t`${count(used)} of ${count(limit)}`;
	return el("li", {}, el("span", { class: "queue-name" }, queues[kind]?.(name) ?? kind), limit !== null && meter(queue),
		el("span", {}, [inUse, (waiting > 0 || !inUse) && t`${count(waiting)} waiting`].filter(Boolean).join(", ")));
};

const detailOf = ({ name, detail }) => (name === "replay" && detail && !Number.isNaN(Date.parse(detail)) ? t`${shortDay(detail)} (UTC)` : detail);

const row = ({ name: key }) => {
	const name = names[key] ?? key;
	const [state, detail, waiting] = [el("td", { class: "state" }), el("td", { class: "detail" }), el("ul", { class: "queues" })];
	const node = el("tr", {}, el("th", { scope: "row" }, links[key] ? el("a", { href: links[key] }, name) : name), state, detail, el("td", {}, waiting));
	return { node, update(part) {
		const [word, badge] = states[part.state] ?? [part.state, "none"];
		setAttribute(node, "class", part.state === "failing" && "failing");
		replaceWhen(state, part.state, () => [glyph(badge), ` ${word}`]);
		setText(detail, detailOf(part) ?? "");
		replaceWhen(waiting, JSON.stringify(part.queues), () => part.queues.map(queueLine));
	} };
};

/** The system, then its name and what it runs on: what stands in brackets. */
const platformOf = (text) => {
	const bracket = text.indexOf(" (");
	return bracket < 0 ? [text] : [text.slice(0, bracket), text.slice(bracket + 2, -1).replace(") (", ", ")];
};

const loadError = ({ last_load_error: error }) => error && el("div", { class: "problem", role: "alert" },
	el("strong", {}, t`Version ${error.version} of ${error.model} is in production and could not be loaded: ${error.message}`), el("p", {}, `${error.remedy} (${wallTime(error.at)})`));

const finding = ({ subject, ok, text, remedy }) => el("li", {}, glyph(ok ? "success" : "failed", 18),
	el("div", {}, el("b", {}, subject), `: ${text}`, remedy && el("p", { class: "muted" }, remedy)));

export const mountParts = (node, reload) => {
	const trouble = el("div");
	const figures = makeFigures();
	const body = el("tbody");
	const disk = el("div");
	const findings = el("div");
	const refusal = el("div");
	const examine = button(t`Examine now`, "small", async () => {
		examine.disabled = true;
		replace(refusal);
		try {
			await post(paths.examine);
			await reload();
		} catch (error) {
			replace(refusal, problemBox(error));
		} finally {
			examine.disabled = false;
		}
	});
	const head = [t`Part`, t`State`, t`Works on`, t`Queues`].map((text) => el("th", { scope: "col" }, text));
	node.append(trouble,
		el("section", { class: "card", "aria-labelledby": "program-title" }, el("h2", { id: "program-title" }, t`The program`), figures),
		el("section", { class: "card", "aria-labelledby": "parts-title" }, el("h2", { id: "parts-title" }, t`Parts and their queues`),
			el("div", { class: "scroll" }, el("table", { class: "parts" }, el("thead", {}, el("tr", {}, head)), body))),
		el("div", { class: "halves" },
			el("section", { class: "card", "aria-labelledby": "disk-title" }, el("h2", { id: "disk-title" }, t`Room on the disk`), disk),
			el("section", { class: "card", "aria-labelledby": "doctor-title" },
				el("div", { class: "row between" }, el("h2", { id: "doctor-title" }, t`What the doctor finds`), examine), refusal, findings)));

	const drawDisk = ({ disk: use }) => {
		if (!use) return replace(disk, el("p", { class: "muted" }, t`Being measured; the sizes come in a moment.`));
		const total = use.places.reduce((sum, place) => sum + place.bytes, 0);
		replace(disk, el("table", {}, el("caption", { class: "unseen" }, t`Room on the disk`),
			el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t`Of the home`), el("th", { scope: "col", class: "number" }, t`Files`), el("th", { scope: "col", class: "number" }, t`Size`))),
			el("tbody", {}, use.places.map(({ name, path, bytes: size, files }) => el("tr", {},
				el("th", { scope: "row", title: path }, places[name] ?? name), el("td", { class: "number" }, count(files)), el("td", { class: "number", title: `${count(size)} bytes` }, bytes(size))))),
			el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: 2 }, t`All`), el("td", { class: "number" }, bytes(total))))),
		el("p", { class: "muted" }, use.free_bytes === null ? "" : t`${bytes(use.free_bytes)} of ${bytes(use.capacity_bytes)} are free. `, t`Measured at ${wallTime(use.measured_at)}, at most once a minute.`));
	};

	let drawnFindings = null;
	const drawFindings = ({ examination, home }) => {
		const key = JSON.stringify(examination);
		if (key === drawnFindings) return;
		drawnFindings = key;
		replace(findings, !examination ? emptyState(t`Nobody has examined this stack since its start.`, t`It reads the whole database and loads the model in production, which may take seconds.`)
			: [el("ul", { class: "findings" }, examination.findings.map(finding)), el("p", { class: "muted" }, t`Examined at ${wallTime(examination.at)}.`)],
		el("p", { class: "muted" }, t`The same in a terminal:`), command(`mlstack doctor --home ${quoted(home)}`));
	};

	const draw = (system) => {
		replace(trouble, loadError(system));
		const { versions } = system;
		drawFigures(figures, [
			[t`Memory`, bytes(system.memory_bytes), system.peak_memory_bytes && t`at most ${bytes(system.peak_memory_bytes)} so far`, `${count(system.memory_bytes)} bytes`],
			[t`CPU time`, `${count(Math.round(system.cpu_seconds))} s`, t`on ${versions.cores} cores`],
			["mlstack", system.program, versions.build === "debug" ? t`a debug build: slow` : t`process ${versions.process_id}`],
			["Swift", versions.swift],
			["SQLite", versions.sqlite],
			[t`Platform`, ...platformOf(versions.platform)],
		]);
		keyed(body, system.subsystems, ({ name }) => name, row);
		drawDisk(system);
		drawFindings(system);
	};
	return { draw };
};
