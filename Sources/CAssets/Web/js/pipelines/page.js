import { el } from "../dom.js";
import { t } from "../words.js";

export const styles = ["/css/pipelines.css"];

export const mount = (place) => {
	place.append(el("h1", {}, t`Pipelines`));
	return () => t`Pipelines`;
};
