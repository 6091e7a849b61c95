// What keeps people from reading or using a page, each as one line of text. Small rules of WCAG 2.2 AA.
() => {
  const found = [];
  const shown = (el) => el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && el.getClientRects().length;
  const name = (el) => `${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""} "${(el.textContent || el.name || "").trim().slice(0, 40)}"`;

  if (!document.documentElement.lang) found.push("the page has no language");
  if (!document.title) found.push("the page has no title");
  if (document.querySelectorAll("h1").length !== 1) found.push("the page has not one h1");
  const width = document.documentElement.clientWidth; // a phone would widen the window to what sticks out
  if (document.documentElement.scrollWidth > width + 1) {
    const wide = [...document.querySelectorAll("main *, header *")].filter((el) => el.getBoundingClientRect().right > width + 1 && !el.closest(".wide"));
    found.push(`the page is wider than the window: ${wide.slice(0, 2).map(name)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`two elements are called ${id}`);
  for (const el of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const labels = [...(el.labels || [])].filter((label) => label.textContent.trim());
    if (!labels.length && !el.getAttribute("aria-label")) found.push(`no label: ${name(el)}`);
  }
  for (const el of document.querySelectorAll("button, a[href], summary")) {
    if (!el.textContent.trim() && !el.getAttribute("aria-label")) found.push(`nothing to read on ${el.outerHTML.slice(0, 80)}`);
  }
  for (const el of document.querySelectorAll("button, select, summary.button, a.button")) {
    const box = el.getBoundingClientRect();
    if (shown(el) && (box.height < 24 || box.width < 24)) found.push(`too small to hit: ${name(el)}`);
  }
  for (const el of document.querySelectorAll("table")) if (!el.caption?.textContent.trim()) found.push("a table has no caption");
  for (const el of document.querySelectorAll("img")) if (!el.hasAttribute("alt")) found.push("an image has no alternative text");

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const ground = (el) => {
    const layers = [];
    for (let at = el; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const el of document.querySelectorAll("body *")) {
    const isText = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!isText || !shown(el) || el.closest("svg, script, .skip") || el.disabled) continue;
    const style = getComputedStyle(el);
    const below = ground(el);
    const [light, dark] = [luminance(over(rgba(style.color), below)), luminance(below)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${name(el)}`);
  }
  return found;
}
