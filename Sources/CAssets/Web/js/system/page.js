// System: the parts of the program and their queues, how it did lately, its settings, and what it says.
import { getJSON, paths } from "../api.js";
import { el, problemBox, replace, setAttribute, setText } from "../dom.js";
import { duration, wallTime } from "../format.js";
import { to } from "../router.js";
import { poll } from "../poll.js";
import { t } from "../words.js";
import { mountLog } from "./log.js";
import { mountParts } from "./parts.js";
import { mountSettings } from "./settings.js";
import { mountTraffic } from "./traffic.js";

export const styles = ["/css/system.css"];

const pollMilliseconds = 5000;

const views = [
	{ path: "", name: t`Parts`, make: mountParts },
	{ path: "load", name: t`Load`, make: mountTraffic },
	{ path: "log", name: t`Log`, make: mountLog },
	{ path: "settings", name: t`Settings`, make: mountSettings },
];

export const mount = (place) => {
	const about = el("p", { class: "muted about" });
	const links = el("nav", { class: "views", "aria-label": t`Views of the system` }, views.map(({ path, name }) => el("a", { href: path ? to("system", path) : to("system") }, name)));
	const problem = el("div");
	const body = el("div");
	place.append(el("div", { class: "page-head" }, el("h1", {}, t`System`), about), links, problem, body);
	const made = new Map();
	let system = null;

	const tell = () => {
		if (!system) return;
		const up = (Date.now() - Date.parse(system.started_at)) / 1000;
		setText(about, t`mlstack ${system.program}, up for ${duration(up)} since ${wallTime(system.started_at)}`);
		for (const { show } of made.values()) show.draw?.(system);
	};
	const load = poll(place, pollMilliseconds, async () => {
		try {
			system = await getJSON(paths.system);
			replace(problem);
		} catch (error) {
			replace(problem, problemBox(error));
		}
		tell();
	});

	return (address) => {
		const view = views.find(({ path }) => path === (address.parts[0] ?? ""));
		if (!view) throw Object.assign(new Error(t`There is no view ${address.parts[0]} of the system.`), { remedy: t`Choose one from the menu.` });
		for (const [n, link] of [...links.children].entries()) setAttribute(link, "aria-current", views[n] === view ? "page" : null);
		if (!made.has(view)) {
			const node = el("div", { class: "stack" });
			body.append(node);
			made.set(view, { node, show: view.make(node, load) });
		}
		for (const [each, { node }] of made) node.hidden = each !== view;
		made.get(view).show.open?.(address.query);
		tell();
		load();
		return `${view.name} · ${t`System`}`;
	};
};
