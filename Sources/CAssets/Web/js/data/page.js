import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/data.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`Data`));
	return () => t`Data`;
};
