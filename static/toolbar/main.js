/* Last: every part is there now. */
rememberView(page);
addSwitches();
tabList.id = 'tabs';
root.querySelector('.panels').before(tabList);
toolbar.classList.add('tabbed');
showPlace();
equipHeader();
showPanels();
describeBar();
watchSwaps();
toolbar.open = ownPage || state.open;
