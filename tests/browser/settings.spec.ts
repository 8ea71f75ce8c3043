// The settings of a dashboard: variables of every kind, links, tags, permissions; a copy, and the end of it.
import { expect, openBuilt, save, test, toolbar } from './editor_page';

test('a switch and choices by hand, in their place, previewed and counted (VAR-1, UI-6)', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Chosen');
  await toolbar(page, 'Edit').click();
  await toolbar(page, 'Settings').click();
  await page.getByRole('tab', { name: 'Variables' }).click();
  await page.getByRole('button', { name: 'Add variable' }).click();
  const form = page.getByRole('listitem', { name: /^Variable/ }).first();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('job');
  await form.getByRole('textbox', { name: /^Query/ }).fill('label_values(up, job)');
  await form.getByRole('textbox', { name: /^Query/ }).press('Enter');
  await expect(page.getByRole('region', { name: 'Values of job' })).toContainText('exposer');
  await form.getByRole('button', { name: 'Add choice' }).click();
  await form.getByRole('textbox', { name: 'Value', exact: true }).fill('none');
  await form.getByRole('textbox', { name: 'Value', exact: true }).press('Enter');
  await expect(page.getByRole('region', { name: 'Values of job' }).locator('code').first()).toHaveText('none');
  await form.getByLabel('They stand').click();
  await page.getByRole('option', { name: 'After the values found' }).click();
  await expect(page.getByRole('region', { name: 'Values of job' }).locator('code').last()).toHaveText('none');
  await form.getByLabel('Sort').click();
  await page.getByRole('option', { name: 'Alphabetical (descending)' }).click();
  await expect(page.getByRole('region', { name: 'Values of job' }).locator('code').first()).toHaveText('prometheus');
  await expect(form).toContainText('not used');
  await form.getByRole('button', { name: 'Duplicate variable' }).click();
  const copy = page.getByRole('listitem', { name: 'Variable copy_of_job' });
  await copy.getByRole('button', { name: '$copy_of_job' }).click();
  await copy.getByLabel('Type', { exact: true }).click();
  await page.getByRole('option', { name: 'Switch' }).click();
  await expect(copy.getByRole('textbox', { name: 'Value when on' })).toHaveValue('true');
  await expect(page.getByRole('group', { name: 'Variables' }).getByRole('switch', { name: 'copy_of_job' })).toBeAttached();
});

test('a link goes into the menu of controls, tags are typed, permissions given; a copy is saved, one deleted (NAV-1, UI-5, UI-6)', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Settled');
  await toolbar(page, 'Edit').click();
  await toolbar(page, 'Settings').click();
  await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('Default');
  await page.getByLabel('Tags', { exact: true }).fill('wall');
  await page.getByRole('option', { name: /wall/ }).click();
  await page.getByRole('tab', { name: 'Links' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).last().click();
  await page.getByRole('textbox', { name: 'Address' }).fill('/explore');
  await page.getByRole('textbox', { name: 'Tooltip' }).fill('What to do');
  await page.getByLabel('Placement').click();
  await page.getByRole('option', { name: 'In the controls menu' }).click();
  await page.getByRole('button', { name: 'Controls' }).click();
  await expect(page.getByRole('group', { name: 'Controls of the dashboard' }).getByRole('link', { name: 'New link' })).toBeVisible();
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await expect(page.getByLabel('Right of Everybody with the role Viewer')).toHaveValue('1');
  await toolbar(page, 'Back').click();
  await save(page, 'Settled');
  const first = page.url();

  await toolbar(page, 'Save').click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Save as a copy', { exact: true }).click();
  await expect(drawer.getByLabel('Title')).toHaveValue('Settled copy');
  await drawer.getByRole('button', { name: 'Save copy' }).click();
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(first);
  await toolbar(page, 'Edit').click();
  await toolbar(page, 'Settings').click();
  await page.getByRole('button', { name: 'Delete dashboard' }).click();
  await page.getByRole('button', { name: 'Really: Delete dashboard' }).click();
  await expect(page).toHaveURL(/\/dashboards$/);
  await expect(page.getByRole('link', { name: /Settled copy/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: /Settled.*wall/ })).toHaveCount(1);
});

test('a panel goes into the library, onto another dashboard, is changed there, and out of it again (UI-12)', async ({ page, standIn, faults }) => {
  await openBuilt(page, standIn, 'Lender');
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Create library panel' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Shared requests');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await save(page, 'Lent');

  await page.goto(`${standIn.url}/dashboard/new`);
  await toolbar(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Panel from the library' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Shared requests' }).click();
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('note')).toContainText('Library panel Shared requests');
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Asked of all');
  await page.getByRole('textbox', { name: 'Title', exact: true }).press('Enter');
  await toolbar(page, 'Back').click();

  // Somebody else saves it meanwhile.
  const library = `${standIn.url}/api/library-elements`;
  const element = async () => (await (await page.request.get(library)).json()).result.elements[0];
  const { uid, name, model, version } = await element();
  await page.request.patch(`${library}/${uid}`, { data: { name, model: { ...model, title: 'Theirs' }, version } });
  await toolbar(page, 'Save').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('region', { name: 'Library panel Shared requests' })).toContainText('One dashboard shows it.');
  await drawer.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(drawer).toContainText('Someone else has saved the library panel in between');
  expect(faults.splice(0)).toEqual([expect.stringContaining('412')]);
  await drawer.getByRole('button', { name: 'Save and overwrite' }).click();
  await expect(page).toHaveURL(/\/d\/made-\d+/);
  expect(await element()).toMatchObject({ version: version + 2, model: { title: 'Asked of all', type: 'timeseries' }, meta: { connectedDashboards: 2 } });

  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: 'Menu for panel Asked of all' }).click();
  await page.getByRole('menuitem', { name: 'Unlink library panel' }).click();
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);

  page.once('dialog', (dialog) => void dialog.accept());
  await page.goto(`${standIn.url}/library-panels`);
  await page.getByRole('button', { name: 'Delete Shared requests' }).click();
  await page.getByRole('button', { name: 'Really: Delete Shared requests' }).click();
  await expect(page.getByRole('heading', { name: 'There are no library panels yet' })).toBeVisible();
});
