/** What triggers write with each download, and they are off while much is written. */
export const seedSearch = [
  'insert into download_names (download_id, name) select id, name from downloads',
  `insert into download_licences (licence_id, download_id)
   select distinct a.licence_id, i.download_id from download_items i join assets a on a.id = i.asset_id
   where a.licence_id is not null`,
];
