// The on/off switch, the same on the options page and in the popup. It shows what is stored and
// nothing else, so that several open views agree.
import { hostPatterns, isComplete, loadSettings, saveSettings } from "./settings.js";

async function describe(settings, complete) {
  if (!complete) return "Needs a key and at least one origin first.";
  const origins = hostPatterns(settings.origins);
  if (!(await chrome.permissions.contains({ origins }))) {
    return "The browser no longer lets this extension reach every origin: save the settings again.";
  }
  const where = settings.origins.join(", ");
  return settings.on ? `Sending ${settings.header} to ${where}` : "Sending nothing.";
}

export async function connectSwitch(input, line) {
  async function show() {
    const settings = await loadSettings();
    const complete = isComplete(settings);
    input.disabled = !complete;
    input.checked = settings.on && complete;
    line.textContent = await describe(settings, complete);
  }
  input.addEventListener("change", () => saveSettings({ on: input.checked }));
  chrome.storage.local.onChanged.addListener(show);
  await show();
}
