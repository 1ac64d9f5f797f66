// One registered model: what serves of it, and the views of it, of which the address names one.
import { button, el, problemBox, replace, replaceWhen, setText } from "../dom.js";
import { listen } from "../live.js";
import { to } from "../router.js";
import { throttled, watch } from "../store.js";
import { t } from "../words.js";
import { mountCompare } from "./compare.js";
import { mountHistory } from "./history.js";
import { rollBack } from "./orders.js";
import { servingKey, servingLines } from "./served.js";
import { firstVersions, freshVersions, isWhole, merged, olderVersions, withFresh } from "./versionList.js";
import { mountVersions } from "./versions.js";

/** A view is made in a place and returns `{show(context)}`; context is `{name, model, query, href, take, more}`. */
const views = [
	{ key: "versions", name: t`Versions`, mount: mountVersions },
	{ key: "compare", name: t`Compare`, mount: mountCompare },
	{ key: "history", name: t`History`, mount: mountHistory },
];

export const mountModel = (place) => {
	const title = el("h1");
	const about = el("p", { class: "muted about" });
	const back = button(t`Roll back…`, null, () => rollBack(model, take));
	const [problem, serves] = [el("div"), el("div", { class: "serves" })];
	const nav = el("nav", { class: "views", "aria-label": t`Views` });
	const body = el("div");
	place.append(el("p", { class: "crumbs" }, el("a", { href: "/models" }, t`Models`)),
		el("div", { class: "page-head" }, el("div", { class: "grow" }, title, about), back), serves, nav, problem, body);

	let [name, model, isComplete, isAsking] = [null, null, false, false];
	let visit = { view: "versions", query: new URLSearchParams() };
	const made = new Map();

	const href = (view, query = {}) => {
		const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
		return to("models", name, ...(view === "versions" ? [] : [view])) + (text && `?${text}`);
	};
	const drawHead = () => {
		setText(title, name);
		setText(about, model.description);
		back.hidden = !model.rollback;
		replaceWhen(serves, servingKey(model), () => servingLines(model));
	};
	const view = () => {
		const entry = views.find((each) => each.key === visit.view);
		if (!made.has(entry.key)) {
			const node = el("div", { class: "view" });
			made.set(entry.key, { node, title: entry.name, ...entry.mount(node) });
		}
		return made.get(entry.key);
	};
	const draw = () => {
		drawHead();
		const shown = view();
		replaceWhen(nav, `${visit.view} ${name}`, () => views.map((each) => el("a", { href: href(each.key), "aria-current": each.key === visit.view && "page" }, each.name)));
		if (shown.node.parentNode !== body) body.replaceChildren(shown.node);
		shown.show({ name, model, query: visit.query, href, take, more });
		return shown;
	};

	/** The model as an answer tells it; `version`: what an order was about, which may be older than the answer goes. */
	const take = async (answer, version) => {
		if (answer.name !== name) return;
		const next = merged(model, answer);
		if (!next) return load();
		model = next;
		draw();
		if (!version || answer.versions.some((each) => each.version === version)) return;
		const fresh = await withFresh(model, version).catch(() => null);
		if (fresh?.name !== name) return;
		model = fresh;
		draw();
	};
	const more = async (wantsAll = false) => {
		if (isComplete || isAsking || !model) return;
		isAsking = true;
		const mine = name;
		try {
			const { versions, isLast } = await olderVersions(model);
			if (mine !== name) return;
			isComplete = isLast;
			model = { ...model, versions: [...model.versions, ...versions] };
			draw();
		} catch (error) {
			isComplete = true;
			replace(problem, problemBox(error));
		} finally {
			isAsking = false;
		}
		if (wantsAll) more(true);
	};
	const load = async () => {
		const mine = name;
		try {
			const answer = await firstVersions(mine);
			if (mine !== name) return false;
			model = answer;
			isComplete = isWhole(answer);
			replace(problem);
			draw();
			return true;
		} catch (error) {
			if (mine === name) replace(problem, problemBox(error));
			return false;
		}
	};
	const refresh = throttled(1500, async () => {
		if (!place.checkVisibility() || !model) return;
		try {
			take(await freshVersions(name));
			replace(problem);
		} catch (error) {
			if (error.status === 404) replace(problem, problemBox(error));
		}
	});
	listen("model", (change) => change.name === name && refresh());
	// Most runs that end have registered something, or may have.
	listen("run", (run) => run.ended_at && refresh());
	listen("gap", refresh);
	watch(["serving"], () => model && place.checkVisibility() && draw());
	setInterval(() => model && !document.hidden && place.checkVisibility() && visit.view === "versions" && draw(), 60_000);

	return {
		async show(asked, key, query) {
			if (!views.some((each) => each.key === key)) throw Object.assign(new Error(t`A model has no view ${key}.`), { remedy: t`Choose one from the menu.` });
			visit = { view: key, query };
			if (asked !== name) {
				[name, model] = [asked, null];
				setText(title, asked);
				for (const each of [about, problem]) replace(each);
				for (const each of [serves, nav]) replaceWhen(each, "", () => null);
				back.hidden = true;
				body.replaceChildren(el("p", { class: "muted" }, t`reading…`));
			} else if (model) {
				refresh();
				return `${asked}, ${draw().title}`;
			}
			if (!await load()) body.replaceChildren();
			return asked;
		},
	};
};

