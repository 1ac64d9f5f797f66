import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/recommend.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`Recommend`));
	return () => t`Recommend`;
};
