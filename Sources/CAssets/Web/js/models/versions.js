// The versions of a model as a table: what they scored, which aliases name them, where they came from; and what can be done with each.
import { button, byId, el, emptyState, replace } from "../dom.js";
import { showDialog } from "../dialog.js";
import { bytes, figure, shortDay, wallTime } from "../format.js";
import { makeTable } from "../parts/table.js";
import { go, to } from "../router.js";
import { t } from "../words.js";
import { makeCurve } from "./curve.js";
import { age, answering, badges, bestOf, metricLabel, metricsOf, runAddress, runDay, versionAddress } from "./names.js";
import * as orders from "./orders.js";

const narrow = matchMedia("(max-width: 700px)");
const roomy = matchMedia("(min-width: 1400px)");

/** The orders that make sense for a version: `[label, order]`, where `order(model, version, done)` asks first. */
export const ordersFor = (model, version) => [
	version.aliases.includes("production") && model.rollback && [t`Roll back…`, (model, _, done) => orders.rollBack(model, done)],
	!version.aliases.includes("production") && [t`Promote…`, orders.promote],
	version.stage !== "Archived" ? [t`Archive…`, orders.archive] : [t`Take out of the archive…`, orders.unarchive],
	[t`Give an alias…`, orders.setAlias],
	...version.aliases.map((alias) => [t`Take the alias ${alias} away…`, (model, _, done) => orders.removeAlias(model, alias, done)]),
	[t`Delete…`, orders.deleteVersion],
].filter(Boolean);

const unseen = (version) => el("span", { class: "unseen" }, ` ${t`version ${version}`}`);

export const mountVersions = (place) => {
	let context = null;
	const nothing = el("div");
	const { node: curve, draw: drawCurve } = makeCurve((metric) => go(context.href("versions", { ...Object.fromEntries(context.query), metric }), { replaces: true }));
	const table = makeTable({
		caption: t`Versions`, rowKey: ({ version }) => version, onNearEnd: () => context?.more(),
		onSort: ({ key, descending }) => go(context.href("versions", { ...Object.fromEntries(context.query), sort: descending ? `-${key}` : key }), { replaces: true }),
	});
	const card = el("section", { class: "card" }, el("h2", {}, t`Versions`), el("p", { class: "muted" }, t`The best of each metric is marked ●. A column's head sorts.`), table.node);
	place.append(nothing, curve, card);

	const more = (row) => {
		const list = ordersFor(context.model, row).map(([label, order]) => el("li", {}, button(label, "wide", () => {
			// The question takes the dialog over; the focus then returns to where it was before both.
			byId("dialog").close();
			order(context.model, row, context.take);
		})));
		showDialog(t`Version ${row.version}`, el("ul", { class: "orders" }, list, el("li", {}, el("a", { href: to("models", context.model.name, "compare") + `?b=${row.version}` }, t`Compare it with another`))));
	};
	const promote = (row) => button([t`Promote`, unseen(row.version)], "small", () => orders.promote(context.model, row, context.take));

	const columnsOf = (metrics, best) => {
		const isNarrow = narrow.matches;
		const { name } = context.model;
		const wide = (column) => (isNarrow ? [] : [column]);
		const metric = (key) => ({ key, label: metricLabel(key), kind: "number", canSort: true, cell: ({ metrics: own }) => {
			const value = own?.[key];
			const isBest = best[key] !== null && value === best[key];
			return el("span", { title: value, class: isBest ? "best" : null }, figure(value), isBest && el("span", { class: "unseen" }, t` (best)`));
		} });
		return [
			{ key: "version", label: t`Version`, canSort: true, cell: (row) => [el("a", { href: versionAddress(name, row.version), class: "strong" }, isNarrow ? `v${row.version}` : t`Version ${row.version}`), badges(name, row, isNarrow)] },
			...(isNarrow ? metrics.slice(0, 1) : metrics).map(metric),
			...wide({ key: "simulated_date", label: t`Data up to`, canSort: true, kind: "apart", cell: (row) => (row.simulated_date ? shortDay(row.simulated_date) : "–") }),
			...wide({ key: "algorithm", label: t`Algorithm`, canSort: true, cell: (row) => row.algorithm ?? "–" }),
			...wide({ key: "bytes", label: t`Size`, kind: "number", canSort: true, cell: (row) => (row.bytes === null ? "–" : el("span", { title: row.bytes }, bytes(row.bytes))) }),
			...wide({ key: "pipeline_run", label: t`Made by`, kind: "apart", cell: (row) => (row.pipeline && row.pipeline_run ? el("a", { href: runAddress(row.pipeline, row.pipeline_run), title: row.pipeline_run, "aria-label": t`${row.pipeline}, run for ${runDay(row.pipeline_run)}` }, row.pipeline)
				: row.run_id && row.experiment_id ? el("a", { href: to("experiments", row.experiment_id, "runs", row.run_id), title: row.run_id }, t`run ${row.run_id.slice(0, 8)}`) : t`a client`) }),
			...wide({ key: "created_at", label: t`Age`, canSort: true, cell: (row) => el("span", { title: wallTime(row.created_at) }, row.age) }),
			{ key: "orders", label: el("span", { class: "unseen" }, t`actions`), kind: "action", cell: (row) => [
				!row.aliases.includes("production") && promote(row),
				!isNarrow && button([el("span", { "aria-hidden": "true" }, "⋯"), el("span", { class: "unseen" }, t`Orders for version ${row.version}`)], "small", () => more(row))] },
		];
	};

	const sorted = (rows, { key, descending }) => {
		const value = (row) => row[key] ?? row.metrics?.[key];
		const order = (a, b) => {
			const [one, other] = [value(a), value(b)];
			// What is unknown stands at the end, whichever way.
			if (one === undefined || one === null || other === undefined || other === null) return (one ?? null) === (other ?? null) ? 0 : (one ?? null) === null ? 1 : -1;
			return (one < other ? -1 : one > other ? 1 : 0) * (descending ? -1 : 1);
		};
		return rows.sort((a, b) => order(a, b) || b.version - a.version);
	};

	const draw = () => {
		const { model, query } = context;
		const { versions } = model;
		const isEmpty = versions.length === 0;
		card.hidden = isEmpty;
		replace(nothing, isEmpty && el("div", { class: "card" }, emptyState(t`No model version yet.`,
			model.served ? t`The day's pipeline registers one: press Play, or Step to let one day go by.` : t`Register one with mlflow.register_model(…, "${model.name}").`)));
		const metrics = metricsOf(versions);
		const wanted = metrics.includes(query.get("metric")) ? query.get("metric") : metrics[0];
		drawCurve(model, metrics, wanted);
		if (isEmpty) return;
		const sort = query.get("sort") ?? "-version";
		const by = { key: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
		const shown = [...new Set([wanted, ...metrics])].filter(Boolean).slice(0, roomy.matches ? 4 : 3).sort((a, b) => metrics.indexOf(a) - metrics.indexOf(b));
		if (narrow.matches && wanted) shown.sort((a, b) => (b === wanted) - (a === wanted));
		const best = Object.fromEntries(shown.map((key) => [key, bestOf(versions, key)]));
		// What a row shows beside itself is in it, so that it is drawn again when that changes.
		const rows = versions.map((row) => ({ ...row, age: age(row.created_at), live: answering(model.name) === row.version, best: shown.filter((key) => row.metrics?.[key] === best[key]) }));
		if (by.key !== "version") context.more(true);
		table.set({ columns: columnsOf(shown, best), rows: sorted(rows, by), sort: by, total: rows.length });
	};
	for (const size of [narrow, roomy]) size.addEventListener("change", () => context && draw());
	return { show(next) { context = next; draw(); } };
};
