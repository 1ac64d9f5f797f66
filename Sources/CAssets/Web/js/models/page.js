import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/models.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`Models`));
	return () => t`Models`;
};
