// Below every page: the ways to the same facts for programs, and the help.
import { button, el } from "./dom.js";
import { showKeys } from "./keys.js";
import { startTour } from "./tour.js";
import { t } from "./words.js";

export const makeFoot = () =>
	el("footer", { class: "foot muted" },
		el("a", { href: "/docs" }, t`API`), el("a", { href: "/openapi.json" }, "OpenAPI"), el("a", { href: "/plain" }, t`Plain pages`),
		button(t`Keys`, "link", showKeys), button(t`Tour`, "link", startTour));
