const c=process.cpuUsage();
await import(process.argv[2]);
const {user,system}=process.cpuUsage(c);
console.log(process.argv[2].slice(-40), Math.round((user+system)/1000),'ms cpu', process.env.NODE_COMPILE_CACHE??'');
