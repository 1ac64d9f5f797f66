// The pages: which one an address names, and going from one to another without loading the shell again.
import { announce } from "./announce.js";
import { byId, el, problemBox, replace, setAttribute } from "./dom.js";
import { loadTexts, t } from "./words.js";

/**
 * A page's module exports `styles` (its style sheets) and `mount(place)`, which is called once and returns `show(address)`,
 * called at each visit: it draws what the address names and returns the title. `address` is `{path, parts, query}`; `parts`
 * are the decoded components after the page's own name.
 */
export const pages = [
	{ path: "/", name: t`Today`, load: () => import("./today/page.js") },
	{ path: "/pipelines", name: t`Pipelines`, load: () => import("./pipelines/page.js") },
	{ path: "/experiments", name: t`Experiments`, load: () => import("./experiments/page.js") },
	{ path: "/models", name: t`Models`, load: () => import("./models/page.js") },
	{ path: "/recommend", name: t`Recommend`, load: () => import("./recommend/page.js") },
	{ path: "/data", name: t`Data`, load: () => import("./data/page.js") },
	{ path: "/system", name: t`System`, load: () => import("./system/page.js") },
];

/** A path of the pages; what is between the slashes may be any name. */
export const to = (...parts) => `/${parts.map(encodeURIComponent).join("/")}`;

const pageOf = (path) => pages.find((page) => page.path === `/${path.split("/")[1]}`);

const addressOf = (url) => ({
	path: url.pathname,
	parts: url.pathname.split("/").slice(2).filter(Boolean).map(decodeURIComponent),
	query: url.searchParams,
});

/** The links of the pages' style sheets, each loaded once: `{link, loaded}` by address. */
const sheets = new Map();

const hold = (link, holds) => {
	if (link.sheet) link.sheet.disabled = !holds;
};

/** Loads a style sheet once, and waits until it is there; it holds when a page that names it is shown. */
const styled = (href) => {
	if (!sheets.has(href)) {
		// Those of the first page came with it.
		const own = document.querySelector(`link[href="${href}"]`);
		const link = own ?? el("link", { rel: "stylesheet", href });
		const loaded = own?.sheet ? null : new Promise((done) => {
			link.addEventListener("load", () => done(own ?? hold(link, false)));
			link.addEventListener("error", done);
		});
		sheets.set(href, { link, loaded });
		if (!own) document.head.append(link);
	}
	return sheets.get(href).loaded;
};

const mounted = new Map();

const mount = (page) => {
	if (!mounted.has(page)) {
		const mounting = loadTexts(page.path.slice(1) || "today").then(page.load).then(async ({ styles, mount }) => {
			await Promise.all(styles.map(styled));
			const place = el("div", { class: "page", hidden: true });
			byId("content").append(place);
			return { place, styles, show: mount(place) };
		});
		mounted.set(page, mounting);
		// What could not be fetched is asked for again at the next visit.
		mounting.catch(() => mounted.delete(page));
	}
	return mounted.get(page);
};

const showPlace = (place) => {
	for (const other of byId("content").querySelectorAll(":scope > .page")) other.hidden = other !== place;
};

/** The tour goes from page to page with the focus. */
const isTouring = () => Boolean(document.activeElement?.closest(".tour"));

let visit = 0;

/** Shows what the address bar names. */
const showAddress = async (isFirst) => {
	const mine = ++visit;
	// It is about the page that is left.
	byId("dialog").close();
	const url = new URL(location.href);
	const page = pageOf(url.pathname);
	for (const link of byId("pages").children) {
		setAttribute(link, "aria-current", link.pathname === page?.path ? "page" : null);
		// On a phone the menu is wider than the screen.
		if (link.pathname === page?.path) link.parentNode.scrollTo({ left: link.offsetLeft - link.parentNode.clientWidth / 2 });
	}
	const problem = byId("page-problem");
	try {
		if (!page) throw Object.assign(new Error(t`There is no page at ${url.pathname}.`), { remedy: t`Choose one from the menu.` });
		const { place, styles, show } = await mount(page);
		if (mine !== visit) return;
		// A sheet has names that mean something else on other pages.
		for (const [href, { link }] of sheets) hold(link, styles.includes(href));
		showPlace(place);
		replace(problem);
		const title = (await show(addressOf(url))) ?? page.name;
		if (mine !== visit) return;
		document.title = `${title} · mlstack`;
		if (isFirst) return;
		announce(title);
		if (isTouring()) return;
		const heading = place.querySelector("h1");
		heading?.setAttribute("tabindex", "-1");
		heading?.focus({ preventScroll: true });
	} catch (error) {
		if (mine !== visit) return;
		// What was shown before is not what the address names.
		showPlace(null);
		replace(problem, problemBox(error));
		document.title = `${error.message} · mlstack`;
		if (!isFirst && !isTouring()) byId("content").focus({ preventScroll: true });
	}
};

/** Goes to an address of the pages. `replaces`: it takes the place of the present one, as a filter that is typed does. */
export const go = (href, { replaces = false } = {}) => {
	if (href === location.pathname + location.search) return;
	history[replaces ? "replaceState" : "pushState"](null, "", href);
	if (!replaces) scrollTo(0, 0);
	showAddress(replaces);
};

const isPlainClick = (event) => event.button === 0 && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

export const startRouter = () => {
	byId("pages").append(...pages.map(({ path, name }) => el("a", { href: path }, name)));
	addEventListener("popstate", () => showAddress(false));
	document.addEventListener("click", (event) => {
		const link = event.target.closest?.("a[href]");
		if (!link || !isPlainClick(event) || link.target || link.download || link.origin !== location.origin) return;
		if (!pageOf(link.pathname) || link.getAttribute("href").startsWith("#")) return;
		event.preventDefault();
		// A choice within a page: it takes the place of the former one, and the focus stays.
		go(link.pathname + link.search, { replaces: link.hasAttribute("data-replaces") });
	});
	showAddress(true);
};
