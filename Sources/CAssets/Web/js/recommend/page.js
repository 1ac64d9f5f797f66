// Recommend: for somebody of the data, for whoever looks, and from one film to those like it.
import { el, setAttribute } from "../dom.js";
import { listen } from "../live.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { mountFilm } from "./film.js";
import { questionOf } from "./question.js";
import { mountSomebody } from "./somebody.js";
import { mountYou } from "./you.js";

export const styles = ["/css/recommend.css"];

/** The views by the first part of the address behind `/recommend`. */
const views = [
	{ name: "users", href: "/recommend", label: t`Somebody`, mount: mountSomebody },
	{ name: "you", href: "/recommend/you", label: t`You`, mount: mountYou },
	{ name: "items", href: "/recommend/items", label: t`Films`, mount: mountFilm },
];

export const mount = (place) => {
	const links = views.map(({ href, label }) => el("a", { href }, label));
	const area = el("div");
	place.append(el("div", { class: "page-head" }, el("h1", {}, t`Recommend`)), el("nav", { class: "views", "aria-label": t`Whom to recommend to` }, links), area);

	const mounted = new Map();
	let shown = null;
	const viewOf = (name) => {
		const entry = views.find((each) => each.name === name);
		if (!entry) return null;
		if (!mounted.has(entry)) {
			const view = entry.mount();
			area.append(view.node);
			mounted.set(entry, view);
		}
		views.forEach((each, n) => setAttribute(links[n], "aria-current", each === entry ? "page" : null));
		return mounted.get(entry);
	};

	// At full speed not more often than a person can look; and not at all while another page is in view.
	const isInView = () => shown && !place.hidden && !document.hidden;
	const refresh = throttled(1500, () => isInView() && shown.refresh());
	const versions = throttled(3000, () => isInView() && shown.versionsChanged());
	// A new version answers, a day has brought ratings, or something may have been missed.
	for (const type of ["serving", "clock", "gap"]) listen(type, refresh);
	for (const type of ["model", "gap"]) listen(type, versions);
	document.addEventListener("visibilitychange", refresh);

	return async ({ path, parts: [name = "users", id], query }) => {
		const view = viewOf(name);
		if (!view) throw Object.assign(new Error(t`There is no page at ${path}.`), { remedy: t`Choose one from the menu.` });
		shown = view;
		for (const each of mounted.values()) each.node.hidden = each !== view;
		return view.show(id, questionOf(query));
	};
};
