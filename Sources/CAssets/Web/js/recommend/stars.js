// One to five stars for a film: radio buttons, so that arrow keys and screen readers know them.
import { el } from "../dom.js";
import { t } from "../words.js";

let serial = 0;

/**
 * @param choose called with the number of stars
 * @returns `{node, set(rating)}`; 0: none yet
 */
export const makeStars = (film, choose) => {
	serial += 1;
	const inputs = [1, 2, 3, 4, 5].map((value) =>
		el("input", { type: "radio", name: `stars-${serial}`, value, "aria-label": value === 1 ? t`1 star` : t`${value} stars`, onchange: () => {
			set(value);
			choose(value);
		} }));
	const labels = inputs.map((input) => el("label", {}, input, el("span", { "aria-hidden": "true" }, "★")));
	const set = (rating) => inputs.forEach((input, n) => {
		input.checked = rating === n + 1;
		labels[n].classList.toggle("lit", n < rating);
	});
	return { node: el("fieldset", { class: "star-choice" }, el("legend", { class: "unseen" }, t`Stars for ${film}`), labels), set };
};
