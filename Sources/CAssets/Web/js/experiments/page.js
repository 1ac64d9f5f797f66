import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/experiments.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`Experiments`));
	return () => t`Experiments`;
};
