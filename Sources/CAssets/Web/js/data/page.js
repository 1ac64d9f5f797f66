// Data: what each day brought, how it moves, what clients sent, and what lies on the disk.
import { getJSON, paths } from "../api.js";
import { el, problemBox, replace, setAttribute, setText } from "../dom.js";
import { count, shortDay } from "../format.js";
import { listen } from "../live.js";
import { to } from "../router.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";
import { mountDays } from "./days.js";
import { mountDriftView } from "./drift.js";
import { mountEvents } from "./events.js";
import { mountFiles } from "./files.js";

export const styles = ["/css/data.css"];

const views = [
	{ path: "", name: t`Days`, title: t`Ratings by day`, make: mountDays },
	{ path: "drift", name: t`Drift`, title: t`How the data move`, make: mountDriftView },
	{ path: "events", name: t`Events`, title: t`Events from clients`, make: mountEvents },
	{ path: "files", name: t`Files and licence`, title: t`Files and licence`, make: mountFiles },
];

const nav = () => el("nav", { class: "views", "aria-label": t`Views of the data` }, views.map(({ path, name }) => el("a", { href: path ? to("data", path) : to("data") }, name)));

export const mount = (place) => {
	const about = el("p", { class: "muted about" });
	const links = nav();
	const problem = el("div");
	const body = el("div", { class: "view" });
	place.append(el("div", { class: "page-head" }, el("h1", {}, t`Data`), about), links, problem, body);
	let holdings = null;
	const made = new Map();

	const load = async () => {
		try {
			holdings = await getJSON(paths.data);
			replace(problem);
		} catch (error) {
			replace(problem, problemBox(error));
		}
		drawAbout();
	};
	const drawAbout = () => {
		const { replay } = state;
		if (!holdings) return;
		const arrived = replay ? t`${count(replay.ratings_arrived)} of ${count(replay.ratings_total)} ratings have arrived, up to ${shortDay(replay.now)} (UTC)` : "";
		setText(about, [t`${holdings.dataset}: ${count(holdings.users)} people, ${count(holdings.items)} films`, arrived].filter(Boolean).join(" · "));
	};
	watch(["replay"], drawAbout);
	listen("gap", load);
	load();

	return (address) => {
		const view = views.find(({ path }) => path === (address.parts[0] ?? ""));
		if (!view) throw Object.assign(new Error(t`There is no view ${address.parts[0]} of the data.`), { remedy: t`Choose one from the menu.` });
		for (const [n, link] of [...links.children].entries()) setAttribute(link, "aria-current", views[n] === view ? "page" : null);
		if (!made.has(view)) {
			const node = el("div", { class: "stack" });
			body.append(node);
			made.set(view, { node, show: view.make(node) });
		}
		for (const [each, { node }] of made) node.hidden = each !== view;
		made.get(view).show(address.query);
		return `${view.title} · ${t`Data`}`;
	};
};
