// The options page: fills the form, checks it, asks the browser for access, and saves.
import {
  RESOURCE_TYPES, headerProblem, hostPatterns, keyProblem, loadSettings, parseOrigins, saveSettings,
} from "./settings.js";
import { connectSwitch } from "./switch.js";

const element = (id) => document.getElementById(id);

function addTypes(chosen) {
  for (const [type, label] of RESOURCE_TYPES) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "type";
    box.value = type;
    box.checked = chosen.includes(type);
    const row = document.createElement("label");
    row.append(box, label);
    element("types").append(row);
  }
}

function tell(text, bad) {
  element("saved").textContent = text;
  element("saved").classList.toggle("bad", bad);
}

function tellProblem(field, problem) {
  element(`${field}-wrong`).textContent = problem;
  if (field !== "types") element(field).setAttribute("aria-invalid", String(problem !== ""));
  return problem !== "";
}

// The form's settings, or null after every problem has been told at its field.
function readForm() {
  const header = element("header").value.trim();
  const key = element("key").value.trim();
  const { origins, problem } = parseOrigins(element("origins").value);
  const types = [...document.querySelectorAll("[name=type]:checked")].map((box) => box.value);
  const wrong = [
    ["origins", problem],
    ["key", keyProblem(key)],
    ["header", headerProblem(header)],
    ["types", types.length ? "" : "Choose at least one."],
  ].filter(([field, text]) => tellProblem(field, text));
  if (wrong.length === 0) return { header, key, origins, types };
  const [first] = wrong[0];
  (first === "types" ? document.querySelector("[name=type]") : element(first)).focus();
  return null;
}

// The browser only asks while it handles the click: nothing is awaited before the request.
async function save(event) {
  event.preventDefault();
  const settings = readForm();
  if (!settings) {
    tell("Not saved.", true);
    return;
  }
  tell("Waiting for the browser’s consent…", false);
  try {
    if (!(await chrome.permissions.request({ origins: hostPatterns(settings.origins) }))) {
      tell("Not saved: the extension may not reach these origins without your consent.", true);
      return;
    }
    await saveSettings(settings);
    element("origins").value = settings.origins.join("\n");
    tell("Saved.", false);
  } catch (error) {
    tell(`Not saved: ${error.message}`, true);
  }
}

function reveal() {
  const shown = element("key").type === "text";
  element("key").type = shown ? "password" : "text";
  element("reveal").textContent = shown ? "Show" : "Hide";
  element("reveal").setAttribute("aria-pressed", String(!shown));
}

const settings = await loadSettings();
element("header").value = settings.header;
element("key").value = settings.key;
element("origins").value = settings.origins.join("\n");
addTypes(settings.types);
element("form").addEventListener("submit", save);
element("form").addEventListener("input", () => tell("", false));
element("reveal").addEventListener("click", reveal);
connectSwitch(element("on"), element("state"));
