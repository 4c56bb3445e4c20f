const o=()=>console.log("lazy");export{o as hello};
//# sourceMappingURL=lazy-ENBAJ8Xe.js.map
