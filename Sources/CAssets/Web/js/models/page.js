// Models: the versions of the model, and the two moves: promote and roll back.
import { el } from "../dom.js";
import { keepPicture } from "../live.js";
import { t } from "../words.js";
import { makeVersions } from "./versions.js";

export const styles = ["/css/models.css"];

export const mount = (place) => {
	place.append(el("div", { class: "page-head" }, el("h1", {}, t`Models`)),
		el("section", { class: "card" }, el("h2", {}, t`Model versions`), makeVersions()));
	keepPicture();
	return () => t`Models`;
};
