// Looks over a page as it stands: names, roles, headings, contrast, sizes, overflow. `Audit.run(…)` returns sentences of what is wrong.
(() => {
	const said = (node) => {
		const text = (node.getAttribute?.("aria-label") || node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
		const place = node.id ? `#${node.id}` : typeof node.className === "string" && node.className ? `.${node.className.trim().replace(/\s+/g, ".")}` : "";
		return `${node.localName}${place}${text ? ` “${text}”` : ""}`;
	};
	const isShown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: false });
	/** Not for eyes: clipped to a point, as what is only for screen readers is. */
	const isUnseen = (node) => Boolean(node.closest(".unseen, .skip:not(:focus)"));
	/** Behind an open dialog nothing can be reached. */
	const isInert = (node) => {
		const modal = document.querySelector("dialog:modal");
		return modal ? !modal.contains(node) : false;
	};
	const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter((node) => isShown(node) && !isInert(node));
	const pressable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=switch], [role=option], [role=tab], [role=checkbox], [role=radio]";

	// Colours, as the browser itself paints them: oklch, color-mix and alpha included.
	const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
	const known = new Map();
	const rgba = (colour) => {
		if (!known.has(colour)) {
			context.clearRect(0, 0, 1, 1);
			context.fillStyle = colour;
			context.fillRect(0, 0, 1, 1);
			const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
			known.set(colour, [r, g, b, a / 255]);
		}
		return known.get(colour);
	};
	const over = ([r, g, b, a], below) => [r, g, b].map((value, n) => value * a + below[n] * (1 - a)).concat(1);
	const luminance = (colour) => {
		const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ratio = (one, other) => {
		const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
		return (a + 0.05) / (b + 0.05);
	};
	const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
	/** What is painted below a node's text. In a drawing, the shape that was painted last below its middle. */
	const ground = (node) => {
		const layers = [];
		const drawing = node.closest("svg");
		if (drawing) {
			const { left, top, width, height } = node.getBoundingClientRect();
			const [x, y] = [left + width / 2, top + height / 2];
			const shapes = [...drawing.querySelectorAll("rect, circle, path")].filter((shape) => shape.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && isShown(shape));
			const below = shapes.filter((shape) => {
				const box = shape.getBoundingClientRect();
				return getComputedStyle(shape).fill !== "none" && box.left <= x && x <= box.right && box.top <= y && y <= box.bottom && shape.localName !== "path";
			});
			for (const shape of below.reverse()) {
				const { fill, fillOpacity, opacity } = getComputedStyle(shape);
				const [r, g, b, a] = rgba(fill);
				layers.push([r, g, b, a * fillOpacity * opacity]);
			}
		}
		for (let each = node; each; each = parentOf(each)) {
			const colour = rgba(getComputedStyle(each).backgroundColor);
			layers.push(colour);
			if (colour[3] === 1) break;
		}
		const canvas = rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
		return layers.reduceRight((below, layer) => over(layer, below), canvas);
	};
	const opacityOf = (node) => {
		let opacity = 1;
		for (let each = node; each; each = parentOf(each)) opacity *= getComputedStyle(each).opacity;
		return opacity;
	};

	const contrast = (problems) => {
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const seen = new Set();
		for (let text = walker.nextNode(); text; text = walker.nextNode()) {
			const node = text.parentElement;
			if (!text.data.trim() || seen.has(node) || ["SCRIPT", "STYLE", "NOSCRIPT", "TITLE", "OPTION", "DATALIST"].includes(node.tagName)) continue;
			seen.add(node);
			if (!isShown(node) || isUnseen(node) || isInert(node) || node.closest("[disabled], [aria-disabled=true], title")) continue;
			judge(problems, node, getComputedStyle(node)[node.closest("svg") ? "fill" : "color"], said(node));
		}
		for (const node of all("select, input[type=text]")) {
			if (!node.disabled) judge(problems, node, getComputedStyle(node).color, said(node));
			if (node.placeholder && !node.value) judge(problems, node, getComputedStyle(node, "::placeholder").color, `the placeholder of ${said(node)}`);
		}
	};
	const judge = (problems, node, colour, name) => {
		const style = getComputedStyle(node);
		const below = ground(node);
		const [r, g, b, a] = rgba(colour);
		const found = ratio(over([r, g, b, a * opacityOf(node)], below), below);
		const size = parseFloat(style.fontSize);
		const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
		// Marks that only decorate, and what repeats for the eye what a name says.
		if (node.closest("[aria-hidden=true]") && isLarge === false && !/[\p{L}\p{N}]/u.test(node.textContent)) return found < 3 && problems.push(`contrast ${found.toFixed(2)} of the mark ${name}`);
		if (found < (isLarge ? 3 : 4.5)) problems.push(`contrast ${found.toFixed(2)} of ${name} (${colour} on ${below.slice(0, 3).map(Math.round)})`);
	};

	const headings = (problems) => {
		let former = 0;
		const found = all("h1, h2, h3, h4, h5, h6");
		const firsts = found.filter(({ localName }) => localName === "h1");
		if (firsts.length !== 1 && !document.querySelector("dialog:modal")) problems.push(`${firsts.length} headings of the first order: ${firsts.map(said).join(", ")}`);
		for (const heading of found) {
			const level = Number(heading.localName[1]);
			if (level > former + 1 && former > 0) problems.push(`after a heading of order ${former} comes ${said(heading)}`);
			if (!heading.textContent.trim()) problems.push(`an empty heading: ${said(heading)}`);
			former = level;
		}
	};

	const landmarks = (problems, language) => {
		const mains = all("main, [role=main]");
		if (mains.length !== 1 && !document.querySelector("dialog:modal")) problems.push(`${mains.length} main landmarks`);
		if (document.documentElement.lang !== language) problems.push(`the language is “${document.documentElement.lang}”, not ${language}`);
		if (!document.title.trim()) problems.push("no title");
		const navs = all("nav, aside, [role=region]").filter((node) => !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby"));
		for (const node of navs) problems.push(`a landmark without a name: ${said(node)}`);
		const ids = new Map();
		for (const { id } of document.querySelectorAll("[id]")) ids.set(id, (ids.get(id) ?? 0) + 1);
		for (const [id, count] of ids) if (count > 1) problems.push(`${count} elements are called #${id}`);
		for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant", "for"]) {
			for (const node of all(`[${name}]`)) {
				for (const id of node.getAttribute(name).split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) problems.push(`${name} of ${said(node)} names #${id}, which is not there`);
			}
		}
		for (const table of all("table:not([role=presentation])")) if (!table.querySelector("th")) problems.push(`a table without heads: ${said(table)}`);
		for (const node of all("ul, ol")) for (const child of node.children) if (!["LI", "TEMPLATE", "SCRIPT"].includes(child.tagName) && !node.getAttribute("role")) problems.push(`in a list that is no entry: ${said(child)}`);
		for (const node of all("dl")) for (const child of node.children) if (!["DT", "DD", "DIV"].includes(child.tagName)) problems.push(`in a list of definitions: ${said(child)}`);
	};

	const pictures = (problems) => {
		for (const image of all("img")) if (!image.hasAttribute("alt") && !image.closest("[aria-hidden=true]")) problems.push(`an image without alt: ${image.src.slice(0, 80)}`);
		for (const drawing of all("svg")) {
			if (drawing.parentElement.closest("svg, [aria-hidden=true]")) continue;
			const isHidden = drawing.getAttribute("aria-hidden") === "true";
			const name = drawing.getAttribute("aria-label") || drawing.getAttribute("aria-labelledby") || drawing.querySelector(":scope > title")?.textContent;
			if (!isHidden && !(drawing.getAttribute("role") && name)) problems.push(`a drawing that is neither named nor hidden: ${said(drawing)} in ${said(drawing.parentElement)}`);
			if (isHidden && drawing.querySelector("a, button, [tabindex]:not([tabindex='-1'])")) problems.push(`a hidden drawing that can be pressed: ${said(drawing)}`);
		}
	};

	const presses = (problems) => {
		for (const node of Drawn.pressed()) {
			if (!isShown(node) || node.matches(`${pressable}, dialog, label, [role=img]`) || node.hasAttribute("tabindex")) continue;
			// One that listens for the presses of what it holds.
			if (node.querySelector(pressable) || node.closest(pressable)) continue;
			problems.push(`listens for presses, but is nothing to press: ${said(node)}`);
		}
		for (const node of all("[tabindex]")) {
			if (node.tabIndex > 0) problems.push(`stands first in the order of Tab: ${said(node)}`);
			if (node.closest("[aria-hidden=true]") && node.tabIndex >= 0) problems.push(`hidden, but takes the focus: ${said(node)}`);
		}
		for (const node of all("body *")) {
			const { overflowX, overflowY } = getComputedStyle(node);
			const scrolls = (/auto|scroll/.test(overflowX) && node.scrollWidth > node.clientWidth + 1) || (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight + 1);
			if (scrolls && node.tabIndex < 0 && !node.querySelector(`${pressable}, [tabindex="0"]`)) problems.push(`scrolls, but not by keyboard: ${said(node)}`);
		}
		for (const node of all(pressable)) if (node.parentElement.closest("a[href], button, [role=button]")) problems.push(`to press within something to press: ${said(node)}`);
	};

	/** Is its middle in sight, where what holds it is scrolled? */
	const isInSight = (node) => {
		const { left, top, width, height } = node.getBoundingClientRect();
		const [x, y] = [left + width / 2, top + height / 2];
		for (let each = node.parentElement; each && each !== document.body; each = each.parentElement) {
			const { overflowX, overflowY } = getComputedStyle(each);
			const box = each.getBoundingClientRect();
			if ((overflowX !== "visible" && (x < box.left || x > box.right)) || (overflowY !== "visible" && (y < box.top || y > box.bottom))) return false;
		}
		return true;
	};

	/** WCAG 2.5.8: 24 pixels, or so far from others that a circle of 24 pixels meets no other; not for links within a sentence. */
	const sizes = (problems) => {
		const boxOf = (node) => {
			// A radio button that is drawn by its label has the label's size.
			const label = node.labels?.[0];
			const boxes = [node, label].filter(Boolean).map((each) => each.getBoundingClientRect());
			return boxes.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
		};
		const isInSentence = (node) => {
			if (!/^inline/.test(getComputedStyle(node).display) || node.localName === "button" || node.localName === "input") return false;
			const block = [...(function* () { for (let each = node.parentElement; each; each = each.parentElement) yield each; })()].find((each) => !/^inline/.test(getComputedStyle(each).display));
			const pressed = [...block.querySelectorAll(pressable)].reduce((sum, each) => sum + each.textContent.trim().length, 0);
			return block.textContent.trim().length > pressed + 3 && !/flex|grid/.test(getComputedStyle(node.parentElement).display);
		};
		const targets = all(pressable).filter((node) => !isUnseen(node) && !node.disabled && getComputedStyle(node).pointerEvents !== "none" && isInSight(node)).map((node) => ({ node, box: boxOf(node) })).filter(({ box }) => box.width > 0 && box.height > 0);
		const isSmall = ({ box }) => box.width < 23.5 || box.height < 23.5;
		const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
		const small = targets.filter((target) => isSmall(target) && !isInSentence(target.node));
		for (const target of small) {
			const [x, y] = middle(target);
			const near = targets.find((other) => {
				if (other === target || other.node.contains(target.node) || target.node.contains(other.node) || (other.node.labels?.[0] ?? 0) === target.node) return false;
				if (isSmall(other)) return Math.hypot(middle(other)[0] - x, middle(other)[1] - y) < 23.5;
				const [dx, dy] = [Math.max(other.box.left - x, 0, x - other.box.right), Math.max(other.box.top - y, 0, y - other.box.bottom)];
				return Math.hypot(dx, dy) < 11.5;
			});
			if (near) problems.push(`${Math.round(target.box.width)} × ${Math.round(target.box.height)} pixels to hit, close to ${said(near.node)}: ${said(target.node)}`);
		}
	};

	const overflow = (problems) => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return;
		const isCut = (node) => {
			for (let each = node.parentElement; each && each !== document.body; each = each.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(each).overflowX)) return true;
			return false;
		};
		const end = (node) => {
			const { left, right } = node.getBoundingClientRect();
			return getComputedStyle(node).overflowX === "visible" ? Math.max(right, left + node.scrollWidth) : right;
		};
		const wide = all("body *").filter((node) => end(node) > width + 1 && !isCut(node) && !isUnseen(node));
		problems.push(`${document.documentElement.scrollWidth} pixels wide, of ${width}: ${wide.slice(-3).map(said).join(", ")}`);
	};

	/** Words that are not long have no line break within them. */
	const squeezed = (problems) => {
		for (const node of all("button, a, label, th, dt, h1, h2, h3, summary, legend")) {
			const words = node.innerText?.trim().split(/\s+/) ?? [];
			if (isUnseen(node) || words.length > 4 || words[0] === "" || words.some((word) => word.length > 14) || node.querySelector("input, select, svg, div, p")) continue;
			const range = document.createRange();
			range.selectNodeContents(node);
			const tops = new Set([...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1).map(({ top, height }) => Math.round((top + height / 2) / 8)));
			if (tops.size > words.length + 1) problems.push(`squeezed into ${tops.size} lines: ${said(node)}`);
		}
	};

	const most = 6;
	const parts = { squeezed, contrast, headings, landmarks, pictures, presses, sizes, overflow };
	window.Audit = {
		run(language) {
			return Object.values(parts).flatMap((part) => {
				const problems = [];
				part(problems, language);
				const different = [...new Set(problems)];
				return [...different.slice(0, most), ...(different.length > most ? [`and ${different.length - most} more like this`] : [])];
			});
		},
		/** Does the node that has the focus now stand behind the one that had it last? */
		follows() {
			const [former, now] = [this.former, document.activeElement];
			this.former = now;
			this.first ??= now;
			if (!former?.isConnected || !now || now === document.body || former === now) return null;
			const place = former.compareDocumentPosition(now);
			const goesBack = place & Node.DOCUMENT_POSITION_PRECEDING && !(place & Node.DOCUMENT_POSITION_CONTAINS);
			// From the end it begins anew.
			return !goesBack ? null : now === this.first ? "the end" : `Tab goes back, from ${said(former)} to ${said(now)}`;
		},
		focused: () => said(document.activeElement),
		begin() {
			this.former = this.first = null;
			document.activeElement?.blur();
			getSelection().removeAllRanges();
		},
	};
})();
