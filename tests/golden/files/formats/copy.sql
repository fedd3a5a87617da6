COPY public.ratings (user_id, item_id, rating) FROM stdin;
1	10	4.5
1	20	3
2	10	5
\.
