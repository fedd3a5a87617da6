import { Ratings, train } from 'matfac';
import { Visitor } from './visitor';

/** On the server: a model is trained, and goes to the page as a file without users, in base64. */
export default async function Page() {
  const model = await train(await Ratings.sample('tiny'));
  const popular = model.recommend(model.users[0], { n: 5 });
  return (
    <main>
      <h1>For the first user, from the server</h1>
      <ol id="server">
        {popular.map(({ item, score }) => (
          <li key={item}>{`${item}: ${score.toFixed(2)}`}</li>
        ))}
      </ol>
      <Visitor file={Buffer.from(model.save({ users: false })).toString('base64')} />
    </main>
  );
}
