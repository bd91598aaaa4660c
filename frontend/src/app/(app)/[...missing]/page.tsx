import { notFound } from 'next/navigation';

/** An address without a page: said inside the frame, so that whoever is signed in finds back. */
export default function MissingPage(): never {
  notFound();
}
