// The form of a run by hand, made from the pipeline's params; what the server refuses stands beside the field.
import { paths, post } from "../api.js";
import { el, problemBox, replace } from "../dom.js";
import { go, to } from "../router.js";
import { t } from "../words.js";

const kinds = {
	int: t`whole number`, float: t`number`, bool: t`yes or no`, string: t`text`, enum: t`one of a list`, datetime: t`date and time, such as 2015-01-09 or 2015-01-09T22:30`,
	duration: t`duration, such as 90s, 10m or 1h30m`,
};

const range = ({ min, max }) => (min !== null && max !== null ? t`${min} to ${max}` : min !== null ? t`${min} or more` : max !== null ? t`${max} or less` : null);

const makeInput = (param, id) => {
	const { type, default: given, values, min, max } = param;
	const attributes = { id, name: param.name, "aria-describedby": `${id}-help ${id}-problem` };
	const choose = (options) => {
		const input = el("select", attributes, given === null && el("option", { value: "" }, t`choose…`), options.map(([value, label]) => el("option", { value }, label)));
		input.value = given ?? "";
		return input;
	};
	if (type === "bool") return choose([["true", t`yes`], ["false", t`no`]]);
	if (type === "enum") return choose(values.map((value) => [value, value]));
	const isNumber = type === "int" || type === "float";
	return el("input", { ...attributes, type: "text", value: given ?? "", inputmode: isNumber && ((min ?? -1) >= 0 ? (type === "int" ? "numeric" : "decimal") : "text"), placeholder: given === null ? t`required` : null, autocomplete: "off", maxlength: 10_000, "data-max": max });
};

/** What can be said before the server is asked; null: nothing. */
const complaint = ({ name, type, default: given, min, max }, text) => {
	if (text === "") return given === null ? t`${name} has no default: give a value.` : null;
	if (type === "duration" && !/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return t`${text} is no duration: write 90s, 10m or 1h30m.`;
	if (type !== "int" && type !== "float") return null;
	const value = Number(text);
	if (Number.isNaN(value) || (type === "int" && !Number.isInteger(value))) return type === "int" ? t`${text} is no whole number.` : t`${text} is no number.`;
	if ((min !== null && value < min) || (max !== null && value > max)) return t`${text} is outside ${range({ min, max })}.`;
	return null;
};

export const mountTrigger = (place) => {
	let context = null;
	let key = "";
	const form = el("form", { class: "card form" });
	place.append(form);

	const draw = () => {
		const { id, detail } = context;
		const general = el("div");
		const fields = detail.params.map((param, index) => {
			const field = `param-${index}`;
			const input = makeInput(param, field);
			const problem = el("p", { id: `${field}-problem`, class: "field-problem", role: "alert" });
			const say = (text) => {
				replace(problem, text);
				input.setAttribute("aria-invalid", String(Boolean(text)));
			};
			const check = () => {
				const found = complaint(param, input.value.trim());
				say(found);
				return !found;
			};
			input.addEventListener("change", check);
			const hint = [kinds[param.type] ?? param.type, range(param)].filter(Boolean).join(" · ");
			return { param, input, say, check, node: el("div", { class: "form-row" }, el("label", { for: field }, param.name),
				el("div", {}, input, el("div", { id: `${field}-help`, class: "muted" }, param.help && el("p", {}, param.help), el("p", {}, hint)), problem)) };
		});
		const date = el("input", { type: "text", id: "trigger-date", placeholder: t`now`, autocomplete: "off", "aria-describedby": "trigger-date-help" });
		const submit = el("button", { type: "submit", class: "primary" }, t`Run`);

		const send = async (event) => {
			event.preventDefault();
			replace(general);
			const wrong = fields.filter(({ check }) => !check());
			if (wrong.length > 0) return wrong[0].input.focus();
			const params = Object.fromEntries(fields.map(({ param, input }) => [param.name, input.value.trim()]).filter(([, value]) => value !== ""));
			submit.disabled = true;
			try {
				const run = await post(paths.runs(id), { params, ...(date.value.trim() && { logical_date: date.value.trim() }) });
				go(to("pipelines", id, "runs", run.id));
			} catch (error) {
				// Each sentence of a refusal begins with the param that it is about; a sentence may hold a semicolon itself.
				const names = fields.map(({ param }) => param.name).join("|");
				const sentences = error.message.split(new RegExp(`; (?=(?:${names || "-"}) )`));
				const rest = sentences.filter((sentence) => {
					const field = fields.find(({ param }) => sentence.startsWith(`${param.name} `));
					field?.say(sentence);
					return !field;
				});
				fields.find(({ input }) => input.getAttribute("aria-invalid") === "true")?.input.focus();
				if (rest.length > 0) replace(general, problemBox(Object.assign(error, { message: rest.join("; ") })));
			} finally {
				submit.disabled = false;
			}
		};
		form.onsubmit = send;
		replace(form, el("p", { class: "muted" }, fields.length > 0 ? t`A run starts with these values; they are checked before it exists.` : t`This pipeline has no params: a run needs nothing but a press.`),
			fields.map(({ node }) => node),
			el("div", { class: "form-row" }, el("label", { for: "trigger-date" }, t`logical date`),
				el("div", {}, date, el("p", { id: "trigger-date-help", class: "muted" }, t`The moment that the run is about, in ${detail.timezone}, such as 2015-01-09. Now, when empty.`))),
			general, el("div", { class: "form-row" }, el("span"), el("div", {}, submit)));
	};

	return {
		show(next) {
			const wanted = `${next.id} ${next.detail.version}`;
			context = next;
			// What was typed stays while the page is looked at elsewhere.
			if (wanted !== key) draw();
			key = wanted;
		},
	};
};
