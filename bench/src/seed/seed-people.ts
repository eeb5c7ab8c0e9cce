import { list } from './seed-functions.ts';

const firstNames = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Esra',
  'Farid',
  'Grace',
  'Hana',
  'Ida',
  'João',
  'Khalid',
  'Lucía',
  'Mei',
  'Noor',
  'Oluwaseun',
  'Priya',
];
const lastNames = [
  'Adeyemi',
  'Bergström',
  'Çelik',
  'Dubois',
  'Eriksson',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jansen',
  'Kowalski',
  'Lindqvist',
  'Müller',
  'Nguyen',
  'O’Brien',
  'Petrov',
];
const groups = [
  'Agency North',
  'Agency South',
  'Brand team',
  'Retail partners',
  'Press',
  'Events',
  'Social',
  'Packaging',
  'Legal',
  'Interns',
  'Trade marketing',
  'Photo studio',
];

/** Requesters in groups of very different sizes, one administrator and one auditor. */
export function seedPeople(people: number): string[] {
  return [
    `create temp table seed_people as
     select n, seed_id(seed_now() - interval '400 days' + n * interval '1 second', n, 1) as id
     from generate_series(1, ${people}) n`,
    `insert into users (id, email, name, role, created_at, updated_at)
     select id, 'person' || n || '@example.com',
       ${list(firstNames)}[1 + n % ${firstNames.length}] || ' ' || ${list(lastNames)}[1 + n / ${firstNames.length} % ${lastNames.length}],
       case n when 1 then 'administrator' when 2 then 'auditor' else case when n % 40 = 0 then 'contributor' else 'requester' end end,
       seed_now() - interval '400 days', seed_now() - interval '400 days'
     from seed_people`,
    `insert into groups (id, name) select seed_id(seed_now() - interval '400 days', n, 2), ${list(groups)}[n]
     from generate_series(1, ${groups.length}) n`,
    `insert into group_members (group_id, user_id, source)
     select (select id from groups where name = seed_pick(${list(groups)}, seed_chance(n, 3))), id, 'manual'
     from seed_people where seed_chance(n, 4) < 0.8`,
  ];
}
