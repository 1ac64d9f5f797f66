// Two versions side by side: metrics, parameters, and for a chosen person what each recommends and what moved.
import { getJSON, paths } from "../api.js";
import { button, el, emptyState, problemBox, replace } from "../dom.js";
import { figure, shortDay } from "../format.js";
import { makeChooser } from "../parts/chooser.js";
import { makeLists } from "../parts/lists.js";
import { go } from "../router.js";
import { t } from "../words.js";
import { changeOf, metricLabel, metricsOf, versionAddress } from "./names.js";

const optionName = ({ version, aliases, simulated_date: day }) => [t`version ${version}`, aliases?.join(", "), day && shortDay(day)].filter(Boolean).join(" · ");

export const mountCompare = (place) => {
	let [context, shown, stories, user] = [null, "", null, null];
	const choice = (key) => {
		const select = el("select", { onchange: () => give({ [key]: select.value }) });
		return select;
	};
	const [one, other] = [choice("a"), choice("b")];
	const swap = button(t`Swap`, "small", () => give({ a: other.value, b: one.value }));
	const choices = el("div", { class: "row" }, el("label", { class: "field" }, t`Version`, one), el("label", { class: "field" }, t`with`, other), swap);
	const nothing = el("div");
	const [metrics, params] = [el("div", { class: "scroll" }), el("div")];
	const chooser = makeChooser((id) => give({ user: id }), "person");
	const random = button(t`Random person`, null, async () => {
		try {
			const { users } = await getJSON(paths.users(500));
			const rest = users.filter((each) => each.user !== user);
			if (rest.length > 0) give({ user: rest[Math.floor(Math.random() * rest.length)].user });
		} catch (error) {
			replace(people, problemBox(error));
		}
	});
	const people = el("div");
	const asking = el("div", { class: "row" }, el("label", { class: "field", for: "person" }, t`Person`), chooser.nodes, random);
	const lists = makeLists({
		ask: (version, genre, signal) => getJSON(paths.recommendations(user, { version, genre, explain: true }), signal),
		command: (version, genre) => `curl -s '${location.origin}${paths.recommendations(user, { version, genre, explain: true })}'`,
	});
	const body = el("div", { class: "stack" },
		el("div", { class: "halves" }, el("section", { class: "card" }, el("h2", {}, t`Metrics`), metrics), el("section", { class: "card" }, el("h2", {}, t`Parameters and data`), params)),
		el("section", { class: "card" }, el("h2", {}, t`What each recommends to one person`), asking, people, lists.node));
	place.append(el("section", { class: "card bar-card" }, choices, nothing), body);

	const give = (change) => go(context.href("compare", { ...Object.fromEntries(context.query), ...change }), { replaces: true });

	/** What is asked for, else what is production beside the version before it. */
	const wanted = () => {
		const { model, query } = context;
		const numbers = model.versions.map(({ version }) => version);
		const asked = (key) => (/^[1-9]\d{0,8}$/.test(query.get(key) ?? "") ? Number(query.get(key)) : null);
		const b = asked("b") ?? model.aliases.production ?? numbers[0];
		const a = asked("a") ?? (model.aliases.production !== b ? model.aliases.production : null) ?? numbers.find((version) => version < b) ?? numbers.find((version) => version !== b);
		return [a, b];
	};
	const fill = (select, value) => {
		const { versions } = context.model;
		const all = versions.some(({ version }) => version === value) ? versions : [{ version: value }, ...versions];
		if (!select.matches(":focus")) replace(select, all.map((each) => el("option", { value: each.version }, optionName(each))));
		select.value = value;
	};

	const head = (what, last) => el("thead", {}, el("tr", {}, el("th", { scope: "col" }, what), stories.map(({ name, version }) => el("th", { scope: "col", class: "number" }, el("a", { href: versionAddress(name, version) }, t`version ${version}`))), last && el("th", { scope: "col", class: "number" }, last)));
	const drawMetrics = () => {
		const [a, b] = stories;
		const all = metricsOf(stories);
		replace(metrics, all.length === 0 ? emptyState(t`Nothing was measured of either.`)
			: el("table", {}, head(t`metric`, t`difference`), el("tbody", {}, all.map((metric) => el("tr", {}, el("th", { scope: "row" }, metricLabel(metric)),
				stories.map((story) => el("td", { class: "number", title: story.metrics[metric] }, figure(story.metrics[metric]))), changeOf(metric, a.metrics[metric], b.metrics[metric]))))));
	};
	const facts = (story) => ({ [t`algorithm`]: story.algorithm ?? "–", [t`data up to`]: story.simulated_date ? shortDay(story.simulated_date) : "–", ...story.params });
	const drawParams = () => {
		const [a, b] = stories.map(facts);
		const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
		const differing = keys.filter((key) => a[key] !== b[key]);
		const alike = keys.filter((key) => a[key] === b[key]);
		const table = (list) => el("div", { class: "scroll" }, el("table", {}, head(t`parameter`), el("tbody", {}, list.map((key) => el("tr", {}, el("th", { scope: "row", class: "path" }, key), [a, b].map((side) => el("td", { class: "number value" }, side[key] ?? "–")))))));
		replace(params, differing.length > 0 ? table(differing) : el("p", { class: "muted" }, t`They do not differ.`),
			alike.length > 0 && el("details", { class: "spaced" }, el("summary", {}, t`${alike.length} are alike`), table(alike)));
	};
	const drawLists = async () => {
		const { model } = context;
		const isAble = model.served && stories.every(({ servable }) => servable) && stories[0].version !== stories[1].version;
		const ask = isAble && user;
		lists.node.hidden = !ask;
		asking.hidden = !isAble;
		replace(people, !model.served ? emptyState(t`This server makes recommendations with another model.`, t`The metrics above can be compared all the same.`)
			: !isAble ? emptyState(t`One of them holds no recommender of this server.`, t`Choose two versions that can be served.`)
			: !user && emptyState(t`Choose a person.`, t`Type an id, or let chance choose: both versions recommend to them, and what moved is marked.`));
		if (ask) await lists.show(user, { genre: null, versions: stories.map(({ version }) => version) }, []);
	};

	const load = async () => {
		const [a, b] = wanted();
		choices.hidden = !a || !b;
		if (choices.hidden) {
			body.hidden = true;
			return replace(nothing, emptyState(t`There are no two versions to compare yet.`, t`A second one has to be registered first.`));
		}
		fill(one, a);
		fill(other, b);
		const mine = `${context.name} ${a} ${b}`;
		try {
			if (mine !== shown) {
				stories = null;
				shown = mine;
				const found = await Promise.all([a, b].map((version) => getJSON(paths.modelVersion(context.name, version))));
				if (mine !== shown) return;
				stories = found;
				drawMetrics();
				drawParams();
			}
			if (!stories) return;
			replace(nothing, a === b && el("p", { class: "muted" }, t`It is the same version twice.`));
			body.hidden = false;
			await drawLists();
		} catch (error) {
			if (mine !== shown) return;
			shown = "";
			body.hidden = true;
			replace(nothing, problemBox(error));
		}
	};
	return {
		show(next) {
			const asked = next.query.get("user");
			const isSame = context && next.name === context.name && next.query.toString() === context.query.toString() && stories;
			context = next;
			user = asked || null;
			if (!chooser.input.matches(":focus")) chooser.input.value = user ?? "";
			// An event that changes neither the question nor the versions asks nothing anew.
			const [a, b] = wanted();
			if (isSame && shown === `${next.name} ${a} ${b}`) return;
			load();
		},
	};
};
