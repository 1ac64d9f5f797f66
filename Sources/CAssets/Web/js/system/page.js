import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/system.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`System`));
	return () => t`System`;
};
