// One metric over the versions, with those marked that were promoted.
import { el, replace, setText } from "../dom.js";
import { figure, shortDay } from "../format.js";
import { makeChart } from "../parts/chart.js";
import { makeReader } from "../parts/reader.js";
import { go } from "../router.js";
import { t } from "../words.js";
import { metricLabel, stageWord, versionAddress } from "./names.js";

const known = (value) => (Number.isFinite(value) ? value : null);

/** @param choose called with the metric that is wanted. @returns `{node, draw(model, metrics, metric)}` */
export const makeCurve = (choose) => {
	let [model, metric, versions, held] = [null, null, [], new Set()];
	const select = el("select", { onchange: () => choose(select.value) });
	const note = el("p", { class: "muted" });
	const placesOf = (isMarked) => versions.flatMap((version, index) => (isMarked(version) ? [index] : []));
	const words = (index) => {
		const { version, metrics, aliases, stage, simulated_date: day } = versions[index];
		return [t`Version ${version}`, metrics?.[metric] === undefined ? t`not measured` : `${metricLabel(metric)} ${figure(metrics[metric])}`, day && t`data up to ${shortDay(day)}`,
			aliases.length > 0 ? aliases.join(", ") : stage !== "None" && stageWord(stage), held.has(version) && !aliases.includes("production") && t`was production`].filter(Boolean).join(" · ");
	};
	const reader = makeReader({
		label: t`Version on the curve; Enter opens it`, words,
		open: (index) => go(versionAddress(model.name, versions[index].version)),
		draw: (width, height, unit) => {
			const values = versions.map(({ metrics }) => known(metrics?.[metric]));
			if (values.every((value) => value === null)) return null;
			return makeChart({
				times: versions.map(({ version }) => version), series: [{ name: "production", values, means: values }], width, height, unit, fits: true,
				marks: [["marks", placesOf(({ version, aliases }) => held.has(version) && !aliases.includes("production"))], ["marks now", placesOf(({ aliases }) => aliases.includes("production"))]], atValue: String, atTime: (version) => `v${Math.round(version)}`,
			});
		},
	});
	const node = el("section", { class: "card curve-card" },
		el("div", { class: "row between" }, el("h2", {}, t`How the versions did`), el("label", { class: "field" }, t`Metric`, select)), note, reader.nodes);

	const draw = (shown, metrics, wanted) => {
		[model, metric] = [shown, wanted];
		versions = [...model.versions].reverse();
		held = new Set(model.history.filter(({ alias, version }) => alias === "production" && version).map(({ version }) => version));
		node.hidden = versions.length < 2 || metrics.length === 0;
		if (node.hidden) return;
		if (!select.matches(":focus")) replace(select, metrics.map((name) => el("option", { value: name }, metricLabel(name))));
		select.value = metric;
		setText(note, t`One point a version; diamonds: those that were promoted to production, the one that is now in another colour. ↑ more is better, ↓ less is.`);
		reader.redraw(versions.length);
	};
	return { node, draw };
};
