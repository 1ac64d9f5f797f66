// Two to ten runs side by side: a table of what differs, then the curves of their metrics laid over each other.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { getRun } from "../mlflow.js";
import { bestOf, direction, inOrder, measure, measureName, wish } from "../parts/measures.js";
import { poll } from "../poll.js";
import { to } from "../router.js";
import { glyph } from "../states.js";
import { t } from "../words.js";
import { makeCurves } from "./curves.js";
import { mostCompared } from "./experiment.js";
import { exactMoment, isOwnTag, madeBy, moment, personOf, statusWord, took } from "./names.js";
import { grouped, longOrShort, within } from "./values.js";

const pollMilliseconds = 5000;

const allKeys = (runs, of) => [...new Set(runs.flatMap((run) => Object.keys(of(run))))];

/** Names with a slash stand below what they have in common. */
const byPrefix = (name, rows) => grouped(rows.map(({ key }) => key)).map(([group, keys]) => [group ? `${name}: ${group}` : name, keys.map((key) => {
	const row = rows.find((each) => each.key === key);
	return { ...row, label: within(row.label, group) };
})]);

/** `{key, label, values, texts, best?, isNumber?}` by group; `values` decide whether they differ. */
const groupsOf = (runs) => {
	const metrics = inOrder(allKeys(runs, (run) => run.metrics)).map((key) => {
		const values = runs.map((run) => run.metrics[key]?.value);
		return { key, label: measureName(key), values, isNumber: true, best: bestOf(key, values), texts: values.map((value) => (value === undefined ? "–" : measure(value))), title: wish(key) };
	});
	const texts = (keys, of) => keys.map((key) => ({ key, label: key, values: runs.map((run) => of(run)[key]), texts: runs.map((run) => longOrShort(of(run)[key] ?? "–")) }));
	const fact = (label, of, tell = of) => ({ key: label, label, values: runs.map(of), texts: runs.map((run) => tell(run) || "–") });
	return [
		...byPrefix(t`Params`, texts(allKeys(runs, (run) => run.params).sort(), (run) => run.params)),
		...byPrefix(t`Metrics`, metrics),
		[t`About the runs`, [
			fact(t`State`, (run) => run.state, (run) => statusWord(run.state)), fact(t`Began`, (run) => run.start, (run) => el("span", { title: exactMoment(run.start) }, moment(run.start))), fact(t`Took`, took),
			fact(t`Made by`, (run) => madeBy(run)?.pipeline ?? personOf(run.user), (run) => (madeBy(run) ? t`pipeline ${madeBy(run).pipeline}` : personOf(run.user))),
			fact(t`Data`, (run) => run.datasets.map(({ name, digest }) => `${name} ${digest.slice(0, 8)}`).join(", ")), fact(t`Source`, (run) => run.tags["mlflow.source.name"]),
		]],
		[t`Tags`, texts(allKeys(runs, (run) => run.tags).filter((key) => !isOwnTag(key)).sort(), (run) => run.tags)],
	];
};

const differs = ({ values }) => new Set(values.map((value) => (Number.isNaN(value) ? "NaN" : value))).size > 1;

const makeRow = ({ key, label, texts, values, best, isNumber, title }) =>
	el("tr", { class: differs({ values }) ? null : "same" }, el("th", { scope: "row", title: [key, title].filter(Boolean).join(": ") }, label, isNumber && direction(key) !== 0 && el("span", { class: "way", "aria-hidden": "true" }, direction(key) > 0 ? " ↑" : " ↓")),
		texts.map((text, n) => {
			const isBest = best !== null && best !== undefined && values[n] === best;
			return el("td", { class: isNumber ? "number" : null, title: isNumber && values[n] !== undefined ? String(values[n]) : null }, isBest ? el("span", { class: "best" }, text, el("span", { class: "unseen" }, t` (best)`)) : text);
		}));

export const mountCompare = (place) => {
	let [experiment, ids, isWhole, runs] = [null, null, false, []];
	const crumb = el("a");
	const title = el("h1");
	const problem = el("div");
	const links = [t`What differs`, t`Everything`].map((name) => el("a", { "data-replaces": true }, name));
	const views = el("nav", { class: "views", "aria-label": t`What is shown` }, links);
	const table = el("div");
	const curves = makeCurves();
	const card = el("section", { class: "card" }, table);
	const pictures = el("section", { class: "card" }, el("h2", {}, t`Curves`), curves.node);
	place.append(el("p", { class: "crumbs" }, el("a", { href: "/experiments" }, t`Experiments`), " / ", crumb), el("div", { class: "page-head" }, title), problem, views, el("div", { class: "stack" }, card, pictures));

	const href = (list, whole = isWhole) => `${to("experiments", experiment, "compare")}?runs=${list.join(",")}${whole ? "&same=true" : ""}`;

	const head = (run, line) =>
		el("th", { scope: "col" }, el("span", { class: "side-head" }, glyph(run.state), el("a", { href: to("experiments", run.experiment, "runs", run.id), title: `${run.name}\n${run.id}` }, el("bdi", {}, run.name))),
			el("span", { class: `swatch-line line-${line}`, "aria-hidden": "true" }),
			runs.length > 2 && el("a", { class: "muted", href: href(ids.filter((id) => id !== run.id)), "data-replaces": true, "aria-label": t`Leave out ${run.name}` }, t`leave out`));

	const draw = () => {
		setText(title, runs.length > 0 ? t`${runs.length} runs side by side` : t`Runs side by side`);
		card.hidden = pictures.hidden = runs.length < 2;
		views.hidden = runs.length < 2;
		if (runs.length < 2) return;
		replaceWhen(table, JSON.stringify([runs, isWhole]), () => {
			const groups = groupsOf(runs).map(([name, rows]) => [name, rows.filter((row) => isWhole || differs(row))]).filter(([, rows]) => rows.length > 0);
			return [el("h2", {}, isWhole ? t`Everything` : t`What differs`), groups.length === 0 && el("p", { class: "muted" }, t`Nothing differs.`),
				el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t`Runs side by side` }, el("table", { class: "sides" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", { class: "unseen" }, t`Name`)), runs.map(head))),
					groups.map(([name, rows]) => el("tbody", {}, el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: runs.length + 1 }, name)), rows.map(makeRow))))),
				el("p", { class: "muted spaced" }, t`The best value of a metric is marked where its name tells whether more or less is better.`)];
		});
		curves.draw(runs).then((drawn) => (pictures.hidden = drawn === 0));
	};

	const load = async () => {
		const mine = ids;
		const answers = await Promise.allSettled(mine.map(getRun));
		if (mine !== ids) return;
		runs = answers.flatMap(({ value }) => value ?? []);
		const refused = answers.find(({ reason }) => reason)?.reason;
		replace(problem, refused ? problemBox(refused) : null);
		draw();
	};
	const refresh = poll(place, pollMilliseconds, () => (runs.some(({ state }) => state === "running") ? load() : null));

	return async ([askedExperiment], query) => {
		experiment = askedExperiment;
		isWhole = query.get("same") === "true";
		crumb.href = to("experiments", experiment);
		if (crumb.dataset.id !== experiment) {
			crumb.dataset.id = experiment;
			setText(crumb, experiment);
			getJSON(paths.experiment(experiment)).then(({ id, name }) => id === crumb.dataset.id && setText(crumb, name)).catch(() => null);
		}
		const wanted = [...new Set((query.get("runs") ?? "").split(",").filter(Boolean))].slice(0, mostCompared);
		for (const [n, link] of links.entries()) {
			link.href = href(wanted, n === 1);
			setAttribute(link, "aria-current", (n === 1) === isWhole ? "page" : null);
		}
		if (wanted.join() !== ids?.join()) {
			[ids, runs] = [wanted, []];
			replace(problem, wanted.length < 2 ? emptyState(t`Two runs at least are needed.`, [t`Choose them here: `, el("a", { href: to("experiments", experiment) }, t`the table of runs`)]) : el("p", { class: "muted" }, t`reading…`));
			draw();
			if (wanted.length >= 2) await load();
		} else draw();
		refresh();
		return `${title.textContent} · ${t`Experiments`}`;
	};
};
