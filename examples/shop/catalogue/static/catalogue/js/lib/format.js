export const money = (amount) => `€ ${amount.toFixed(2)}`;

export const grams = (amount) => `${amount.toFixed(1).replace(/\.0$/, "")} g`;
