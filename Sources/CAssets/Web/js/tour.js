// The first visit: five steps along the story of the pages. Closed once, it stays away until somebody asks for it.
import { button, byId, el, setText } from "./dom.js";
import { go } from "./router.js";
import { t } from "./words.js";

const remembered = "tour";

/** `target`: what the step is about, once its page is there. */
const steps = [
	{ path: "/", target: "#clock", title: t`Data arrive`, text: t`A clock plays past ratings back, day by day. Press Play, or Step for one day; every day brings new ratings.` },
	{ path: "/", target: "#flow", title: t`A pipeline runs`, text: t`Each new day starts it: take in the ratings, test the model in production on them, train the next. Choose a task to read its log.` },
	{ path: "/experiments", target: "#pages [href='/experiments']", title: t`Runs are tracked`, text: t`Every training leaves a run with its parameters, metrics and files. Your own notebook can log here too, with plain MLflow.` },
	{ path: "/models", target: "#pages [href='/models']", title: t`A model is promoted`, text: t`The best version gets the alias production and answers from then on, without a request dropped. You can promote and roll back by hand.` },
	{ path: "/recommend/you", target: "#pages [href='/recommend']", title: t`People get recommendations`, text: t`Be a person: rate a few films, and the model that answers now recommends others, and says why.` },
];

const isDone = () => {
	try {
		return localStorage.getItem(remembered) === "done";
	} catch {
		// Where nothing can be remembered it would come at every visit.
		return true;
	}
};

const dismiss = () => {
	try {
		localStorage.setItem(remembered, "done");
	} catch {
		// Then it is not shown by itself anyway.
	}
};

let card = null;

const unmark = () => {
	for (const node of document.querySelectorAll(".toured")) node.classList.remove("toured");
};

const end = () => {
	dismiss();
	unmark();
	card?.remove();
	card = null;
	byId("content").focus({ preventScroll: true });
};

/** A page may still be on its way. */
const mark = (selector, tries = 20) => {
	unmark();
	const node = document.querySelector(selector);
	if (!node && tries > 0 && card) return setTimeout(() => mark(selector, tries - 1), 100);
	node?.classList.add("toured");
	node?.scrollIntoView({ block: "nearest" });
};

/** Begins anew, wherever one is. */
export const startTour = () => {
	card?.remove();
	let at = 0;
	const [place, title, text] = [el("p", { class: "muted" }), el("h2", { tabindex: -1 }), el("p")];
	const back = button(t`Back`, null, () => show(at - 1));
	const next = button("", "primary", () => (at === steps.length - 1 ? end() : show(at + 1)));
	card = el("aside", { class: "card tour", "aria-label": t`A tour in five steps`, onkeydown: (event) => event.key === "Escape" && end() },
		el("div", {}, el("div", { class: "row" }, title, place), text),
		el("div", { class: "row end" }, button(t`Close, and don't show again`, "small", end), back, next));
	document.querySelector(".top").after(card);

	const show = (step, isFirst = false) => {
		at = step;
		const { path, target } = steps[at];
		setText(place, t`Step ${at + 1} of ${steps.length}`);
		setText(title, steps[at].title);
		setText(text, steps[at].text);
		back.hidden = at === 0;
		setText(next, at === steps.length - 1 ? t`Done` : t`Next`);
		if (!isFirst && location.pathname !== path) go(path);
		mark(target);
		// Whoever only came to look keeps the focus where it was.
		if (!isFirst) title.focus({ preventScroll: true });
	};
	show(0, location.pathname === "/");
};

/** On the first visit, on Today: whoever followed a link to somewhere wants that. */
export const offerTour = () => {
	if (!isDone() && location.pathname === "/" && !location.hash) startTour();
};
