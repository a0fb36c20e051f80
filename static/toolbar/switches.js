/*
 * Panels can be switched off in this browser: a cookie names them, and from the next request on
 * the server does not even make them.
 */
const switchesPanel = makeOwnPanel('own-panels', 'Panels');

function switchedOff() {
  const value = /(?:^|; )debug-toolbar-off=([a-z0-9_.-]*)/.exec(document.cookie)?.[1];
  return new Set(value ? value.split('.') : []);
}

function switchPanel(id, on) {
  const off = switchedOff();
  let value = '';
  if (on) off.delete(id);
  else off.add(id);
  for (const each of off) value += value ? `.${each}` : each;
  document.cookie = `debug-toolbar-off=${value}; Path=/; Max-Age=31536000; SameSite=Strict; Secure`;
}

function addSwitches() {
  const off = switchedOff();
  const list = make('fieldset', { class: 'switches' }, make('legend', {}, 'Panels of this browser'));
  for (const panel of page.panels) {
    const id = panel.id.slice('panel-'.length);
    const box = make('input', { type: 'checkbox' });
    box.checked = !off.has(id);
    box.addEventListener('change', () => switchPanel(id, box.checked));
    list.append(make('label', {}, box, ' ', panel.querySelector('summary > span').textContent));
  }
  switchesPanel.querySelector('.content').append(
    list, make('p', { class: 'note' },
               'From the next request on, a panel that is switched off costs nothing.'));
  ownPanels.add(switchesPanel);
}
