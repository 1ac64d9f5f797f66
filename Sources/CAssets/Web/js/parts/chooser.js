// A field for a user's id with suggestions from /api/v1/users, in the browser's own list: it knows keys and screen readers.
import { getJSON, paths } from "../api.js";
import { el, replace } from "../dom.js";
import { plural } from "../format.js";
import { t } from "../words.js";

const suggestions = 12;
const pauseMilliseconds = 120;

/** @param choose called with the id of a user. @param id of the field, for its label. @returns `{nodes, input}` */
export const makeChooser = (choose, id = "user") => {
	const input = el("input", { id, type: "text", list: `${id}s`, autocomplete: "off", placeholder: t`user id`, maxlength: 100 });
	const list = el("datalist", { id: `${id}s` });
	let timer = null;

	const suggest = async () => {
		try {
			const { users } = await getJSON(paths.users(suggestions, input.value.trim()));
			replace(list, users.map(({ user, ratings }) => el("option", { value: user }, plural(ratings, "rating"))));
		} catch {
			// Suggestions are a kindness; what is wrong will be said of the answer itself.
			replace(list);
		}
	};
	const take = () => input.value.trim() && choose(input.value.trim());
	input.addEventListener("input", (event) => {
		clearTimeout(timer);
		// Only typing brings an `InputEvent` of its own kind; a choice from the list replaces all at once.
		if (!event.inputType || event.inputType === "insertReplacementText") take();
		else timer = setTimeout(suggest, pauseMilliseconds);
	});
	input.addEventListener("focus", () => {
		input.select();
		suggest();
	});
	input.addEventListener("keydown", (event) => event.key === "Enter" && take());
	return { nodes: [input, list], input };
};
