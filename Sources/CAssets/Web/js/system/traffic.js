// How the program did over the last hour: requests a second with their latency, memory, CPU, and what stood in queues.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { bytes, figure } from "../format.js";
import { makeTimeline } from "../parts/timeline.js";
import { poll } from "../poll.js";
import { t } from "../words.js";

const spans = [[5, t`5 minutes`], [15, t`15 minutes`], [60, t`1 hour`]];

const familyNames = {
	recommendations: t`recommendations`, pages: t`pages`, items: t`films`, people: t`people`, feedback: t`feedback`, serving: t`serving`, replay: t`clock`,
	quality: t`quality`, pipelines: t`pipelines`, models: t`models`, datasets: t`data`, status: t`system`, events: t`events`, mlflow: "MLflow", other: t`others`,
};
const nameOf = (family) => familyNames[family] ?? family;

const milliseconds = (value) => (value >= 1000 ? `${figure(value / 1000)} s` : `${figure(value)} ms`);
const plain = (value) => figure(value);

/** All families as one: sums of their requests; of latencies the largest, which no family was above. */
const all = (samples) => {
	const { families } = samples;
	const join = (key, pick) => samples.at_ms.map((_, n) => families.reduce((best, family) => pick(best, family[key][n]), null));
	const largest = (a, b) => (b === null ? a : Math.max(a ?? 0, b));
	return { requests_per_second: join("requests_per_second", (a, b) => (a ?? 0) + b).map((value) => value ?? 0), p50_ms: join("p50_ms", largest), p99_ms: join("p99_ms", largest) };
};

/** The samples of the last minutes. */
const recent = (samples, minutes) => {
	const from = samples.at_ms.findIndex((at) => at > samples.at_ms.at(-1) - minutes * 60_000);
	const cut = (value) => (Array.isArray(value) ? value.slice(from) : value);
	const families = samples.families.map((family) => Object.fromEntries(Object.entries(family).map(([key, value]) => [key, cut(value)])));
	return { ...Object.fromEntries(Object.entries(samples).map(([key, value]) => [key, cut(value)])), families };
};

/** What was known with what is new behind it; nothing older than the server keeps. */
const joined = (known, fresh) => {
	if (!known) return fresh;
	const most = 720;
	const size = known.at_ms.length;
	const link = (a, b, fill) => [...(a ?? Array(size).fill(fill)), ...(b ?? Array(fresh.at_ms.length).fill(fill))].slice(-most);
	const names = [...new Set([...known.families, ...fresh.families].map(({ name }) => name))].sort();
	const families = names.map((name) => {
		const [a, b] = [known, fresh].map(({ families }) => families.find((each) => each.name === name));
		return { name, requests_per_second: link(a?.requests_per_second, b?.requests_per_second, 0), p50_ms: link(a?.p50_ms, b?.p50_ms, null), p99_ms: link(a?.p99_ms, b?.p99_ms, null) };
	});
	return { ...Object.fromEntries(Object.entries(fresh).map(([key, value]) => [key, Array.isArray(value) ? link(known[key], value) : value])), families };
};

const select = (label, options, chosen, choose) => {
	const node = el("select", { "aria-label": label, onchange: () => choose(node.value) }, options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
	return node;
};

export const mountTraffic = (node) => {
	const problem = el("div");
	const nothing = el("div");
	let [family, minutes, samples] = ["", 15, null];
	const ofFamily = (key) => (some) => (family === "" ? all(some) : some.families.find(({ name }) => name === family))?.[key] ?? some.at_ms.map(() => null);
	const line = (name, look, of) => ({ name, look, of });
	const column = (key) => (some) => some[key];
	// In the unit of the axis, so that its marks are round.
	const mebibytes = ({ memory_bytes: all }) => all.map((value) => (value === null ? null : value / 2 ** 20));
	const pictures = [
		makeTimeline({ title: t`Requests a second`, lines: [line(t`answered`, "production", ofFamily("requests_per_second"))], say: plain }),
		makeTimeline({ title: t`Time of an answer`, lines: [line(t`99 of 100 are faster`, "decayed_popularity", ofFamily("p99_ms")), line(t`half are faster`, "production", ofFamily("p50_ms"))], say: milliseconds }),
		makeTimeline({ title: t`Memory`, lines: [line(t`resident`, "production", mebibytes)], say: (value) => bytes(value * 2 ** 20) }),
		makeTimeline({ title: "CPU", lines: [line(t`cores in use`, "production", column("cpu"))], say: (value) => value.toFixed(2) }),
		makeTimeline({ title: t`Runs and tasks`, lines: [line(t`tasks under way`, "production", column("running_tasks")), line(t`tasks that wait`, "decayed_popularity", column("waiting_tasks")), line(t`runs that wait`, "popularity", column("queued_runs"))], say: plain }),
		makeTimeline({ title: t`Writes and events`, lines: [line(t`writes that wait`, "production", column("waiting_writes")), line(t`events a second`, "decayed_popularity", column("feedback_per_second"))], say: plain }),
	];
	const families = el("span");
	const table = el("tbody");
	const head = [t`Routes`, t`A second`, t`half are faster`, t`99 of 100 are faster`].map((text, n) => el("th", { scope: "col", class: n > 0 && "number" }, text));
	const options = el("div", { class: "row" }, families, select(t`How long`, spans.map(([value, text]) => [String(value), text]), "15", (value) => {
		minutes = Number(value);
		draw();
	}));
	const content = el("div", { class: "stack" },
		el("section", { class: "card", "aria-labelledby": "load-title" },
			el("div", { class: "row between" }, el("h2", { id: "load-title" }, t`The last minutes`), options), el("div", { class: "pictures" }, pictures.map((picture) => picture.node))),
		el("section", { class: "card" }, el("h2", { id: "routes-title" }, t`By family of routes`),
			el("p", { class: "muted" }, t`Requests a second are means over the chosen minutes, times the longest of its samples. For all routes together the pictures show the times of the slowest family.`),
			el("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "routes-title" }, el("table", {}, el("thead", {}, el("tr", {}, head)), table))));
	node.append(problem, nothing, content);

	const drawTable = (some) => {
		const mean = (list) => list.reduce((a, b) => a + b, 0) / (list.length || 1);
		const largest = (list) => list.reduce((a, b) => (b === null ? a : Math.max(a ?? 0, b)), null);
		const rows = some.families.map((each) => ({ name: each.name, rate: mean(each.requests_per_second), p50: largest(each.p50_ms), p99: largest(each.p99_ms) })).filter(({ rate }) => rate > 0).sort((a, b) => b.rate - a.rate);
		const number = (text) => el("td", { class: "number" }, text);
		replace(table, rows.map(({ name, rate, p50, p99 }) => el("tr", {}, el("th", { scope: "row" }, nameOf(name)), number(figure(rate)), number(p50 === null ? "–" : milliseconds(p50)), number(p99 === null ? "–" : milliseconds(p99)))));
	};
	let known = "";
	const drawFamilies = () => {
		const names = samples.families.map(({ name }) => name);
		if (names.join() === known) return;
		known = names.join();
		replace(families, select(t`Which routes`, [["", t`all routes`], ...names.map((name) => [name, nameOf(name)])], family, (value) => {
			family = value;
			draw();
		}));
	};
	const draw = () => {
		const isEmpty = !samples || samples.at_ms.length === 0;
		content.hidden = isEmpty;
		replace(nothing, isEmpty && !problem.firstChild && emptyState(t`No sample yet.`, t`The first comes five seconds after the start.`));
		if (isEmpty) return;
		drawFamilies();
		const some = recent(samples, minutes);
		for (const picture of pictures) picture.draw(some);
		drawTable(some);
	};
	const load = poll(node, 5000, async () => {
		try {
			samples = joined(samples, await getJSON(paths.samples(samples?.at_ms.at(-1) ?? 0)));
			replace(problem);
		} catch (error) {
			replace(problem, problemBox(error));
		}
		draw();
	});
	new ResizeObserver(draw).observe(content);
	return { open: load };
};
