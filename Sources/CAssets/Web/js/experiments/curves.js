// The curves of all metrics that have more than one point, with one choice of axes for them.
import { el, emptyState, keyed, problemBox, replace } from "../dom.js";
import { histories } from "../mlflow.js";
import { inOrder } from "../parts/measures.js";
import { t } from "../words.js";
import { axes, makeCurve } from "./curve.js";
import { titleOf } from "./names.js";

/** More steps than pixels show nothing more. */
const mostSteps = 1000;
const askedAtOnce = 4;
/** Beyond so many metrics, those that stayed at step 0 are taken for single values. */
const manyMetrics = 150;

const atOnce = async (items, work) => {
	const rest = [...items];
	await Promise.all(Array.from({ length: askedAtOnce }, async () => {
		while (rest.length > 0) await work(rest.shift());
	}));
};

/** @returns `{node, draw(runs)}`; `draw` answers with how many curves there are. Of several runs, the order gives the looks. */
export const makeCurves = () => {
	const choice = el("select", { onchange: () => show() }, Object.entries(axes).map(([value, { name }]) => el("option", { value }, name)));
	const isLog = el("input", { type: "checkbox", onchange: () => show() });
	const problem = el("div");
	const nothing = el("div");
	const list = el("div", { class: "curves" });
	const tools = el("div", { class: "row curve-tools" }, el("label", { class: "field" }, t`Along`, choice), el("label", { class: "field" }, isLog, t`Logarithmic heights`));
	const node = el("div", {}, problem, tools, nothing, list);
	/** Metric → `{stamp, points: Map of run id to its points}`. */
	const known = new Map();
	let runs = [];
	let turn = 0;

	const show = () => {
		const keys = inOrder(known.keys()).filter((key) => [...known.get(key).points.values()].some((points) => points.length > 1));
		tools.hidden = keys.length === 0;
		replace(nothing, keys.length === 0 && emptyState(t`No metric has more than one point.`, t`mlflow.log_metric("loss", 0.3, step=1) at each step makes a curve.`));
		const options = `${choice.value} ${isLog.checked} ${runs.map(({ id, name }) => id + name)}`;
		const items = keys.map((key) => ({ key, text: `${known.get(key).stamp} ${options}` }));
		keyed(list, items, ({ key }) => key, ({ key }) => {
			const curve = makeCurve(key);
			let drawn = null;
			return { node: curve.node, update({ text }) {
				if (text === drawn) return;
				drawn = text;
				const { points } = known.get(key);
				curve.set({ runs: runs.filter(({ id }) => (points.get(id) ?? []).length > 0), points, isNamed: runs.length > 1, axis: choice.value, isLog: isLog.checked });
			} };
		});
		return keys.length;
	};

	const draw = async (wanted) => {
		const mine = ++turn;
		const isOther = wanted.map(({ id }) => id).join() !== runs.map(({ id }) => id).join();
		runs = wanted.map((run, line) => ({ id: run.id, name: titleOf(run), fullName: run.name, start: run.start, line }));
		if (isOther) known.clear();
		const keys = [...new Set(wanted.flatMap(({ metrics }) => Object.keys(metrics)))];
		const stampOf = (key) => JSON.stringify(wanted.map(({ metrics }) => metrics[key] ?? null));
		const changed = keys.filter((key) => known.get(key)?.stamp !== stampOf(key) && (keys.length <= manyMetrics || wanted.some(({ metrics }) => metrics[key]?.step > 0)));
		try {
			await atOnce(inOrder(changed), async (key) => {
				const answer = await histories(wanted.map(({ id }) => id), key, mostSteps);
				if (mine !== turn) return;
				known.set(key, { stamp: stampOf(key), points: Map.groupBy(answer, ({ run }) => run) });
			});
			if (mine === turn) replace(problem);
		} catch (error) {
			if (mine === turn) replace(problem, problemBox(error));
		}
		return mine === turn ? show() : list.childElementCount;
	};
	return { node, draw };
};
