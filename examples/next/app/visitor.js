'use client';

import { Model, Ratings, train } from 'matfac';
import { useEffect, useState } from 'react';

/** In the browser: the server's model for a visitor, whose ratings stay here, and a model trained here in a worker. */
export function Visitor({ file }) {
  const [folded, setFolded] = useState([]);
  const [trained, setTrained] = useState([]);
  useEffect(() => {
    async function recommend() {
      const model = await Model.load(Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
      setFolded(model.foldIn([{ item: model.items[0], rating: 5 }]).recommend({ n: 5 }));
      const own = await train(await Ratings.sample('tiny'));
      setTrained(own.recommend(own.users[0], { n: 5 }));
    }
    recommend().catch((error) => setTrained([{ item: error.message, score: 0 }]));
  }, [file]);
  return (
    <>
      <h1>For a visitor, in the browser</h1>
      <List id="folded" items={folded} />
      <h1>Trained in the browser</h1>
      <List id="trained" items={trained} />
    </>
  );
}

function List({ id, items }) {
  return (
    <ol id={id}>
      {items.map(({ item, score }) => (
        <li key={item}>{`${item}: ${score.toFixed(2)}`}</li>
      ))}
    </ol>
  );
}
