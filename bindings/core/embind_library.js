/* global addToLibrary, HEAP32, HEAPF32, HEAPF64, HEAPU8, HEAPU32, Module, _free, _malloc, __emval_decref */
/* global Emval, decoder, emval_addMethodCaller, emval_returnValue, heap32VectorToArray, readLatin1String */
/* global boundFunction, registeredTypes, registerType, runDestructors, textAt, wasmTable */

// What Embind does in JavaScript, in place of the embind.js of Emscripten, which is for all of C++: overloads, smart pointers,
// classes derived in JavaScript, names of functions. Here a name is bound once, whoever holds an object deletes it, and types
// are looked up at the call, when all are registered. The glue gets this by --js-library; Emscripten makes addresses unsigned.
addToLibrary({
  /** How values of a type of C++ become those of JavaScript and the reverse, by the address by which Embind knows the type. */
  $registeredTypes: {},
  /** `read` takes a value from an address. What `toWireType` allocates goes to `destructors`: a function, then its argument. */
  $registerType__deps: ['$registeredTypes'],
  $registerType: (type, read, fromWireType = (wire) => wire, toWireType = (_destructors, value) => value) => {
    registeredTypes[type] = { readValueFromPointer: read, fromWireType, toWireType };
  },
  $requireRegisteredType__deps: ['$registeredTypes'],
  $requireRegisteredType: (type) => registeredTypes[type],

  $decoder: 'new TextDecoder()',
  $textAt__deps: ['$decoder'],
  // A copy, because no text is decoded from memory that threads share.
  $textAt: (start, end) => decoder.decode(HEAPU8.slice(start, end)),
  $readLatin1String__deps: ['$textAt'],
  $readLatin1String: (address) => textAt(address, HEAPU8.indexOf(0, address)),
  $getStringOrSymbol__deps: ['$readLatin1String'],
  $getStringOrSymbol: (address) => readLatin1String(address),

  _embind_register_void__deps: ['$registerType'],
  _embind_register_void: (type, _name) => registerType(type),
  _embind_register_bool__deps: ['$registerType'],
  _embind_register_bool: (type, _name, _yes, _no) =>
    registerType(
      type,
      (address) => !!HEAPU8[address],
      Boolean,
      (_destructors, value) => !!value,
    ),
  /** Of 32 bits; those with negative numbers are signed. */
  _embind_register_integer__deps: ['$registerType'],
  _embind_register_integer: (type, _name, _size, least, _most) =>
    least
      ? registerType(type, (address) => HEAP32[address >>> 2])
      : registerType(
          type,
          (address) => HEAPU32[address >>> 2],
          (wire) => wire >>> 0,
        ),
  _embind_register_float__deps: ['$registerType'],
  _embind_register_float: (type, _name, size) =>
    registerType(type, (address) => (size === 4 ? HEAPF32[address >>> 2] : HEAPF64[address >>> 3])),
  _embind_register_memory_view__deps: ['$registerType'],
  _embind_register_memory_view: (type, array, _name) => {
    const arrays = [
      Int8Array,
      Uint8Array,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ];
    const view = (address) => new arrays[array](HEAPU8.buffer, HEAPU32[(address + 4) >>> 2], HEAPU32[address >>> 2]);
    registerType(type, view);
  },
  /** The length in bytes, then the bytes. */
  _embind_register_std_string__deps: ['$registerType', '$textAt', 'free', 'malloc'],
  _embind_register_std_string: (type, _name) => {
    const fromWire = (address) => {
      const start = (address >>> 0) + 4;
      const text = textAt(start, start + HEAPU32[address >>> 2]);
      _free(address);
      return text;
    };
    const toWire = (destructors, text) => {
      const bytes = new TextEncoder().encode(text);
      const address = _malloc(4 + bytes.length);
      HEAPU32[address >>> 2] = bytes.length;
      HEAPU8.set(bytes, address + 4);
      destructors.push(_free, address);
      return address;
    };
    registerType(type, (address) => fromWire(HEAPU32[address >>> 2]), fromWire, toWire);
  },
  _embind_register_emval__deps: ['$registerType', '$Emval', '_emval_decref'],
  _embind_register_emval: (type) => {
    const fromWire = (handle) => {
      const value = Emval.toValue(handle);
      __emval_decref(handle);
      return value;
    };
    const toWire = (_destructors, value) => Emval.toHandle(value);
    registerType(type, (address) => fromWire(HEAPU32[address >>> 2]), fromWire, toWire);
  },

  /** An object has its address, 0 once it is deleted, and its class; the class has the address as its base class has it. */
  _embind_register_class__deps: ['$registeredTypes', '$wasmTable'],
  _embind_register_class: (
    type,
    pointer,
    constPointer,
    base,
    _sa,
    _actual,
    _su,
    up,
    _sd,
    _down,
    _name,
    _s,
    destructor,
  ) => {
    const parent = registeredTypes[base];
    const destroy = wasmTable.get(destructor);
    const prototype = Object.create(parent ? parent.prototype : null);
    const ofClass = {
      prototype,
      parent,
      toParent: parent && wasmTable.get(up),
      fromWireType: (address) => Object.assign(Object.create(prototype), { address }),
      toWireType: (_destructors, object) => {
        let { address, ofClass: own } = object;
        if (!address) throw new TypeError('The object was deleted');
        for (; own !== ofClass; own = own.parent) address = own.toParent(address);
        return address;
      },
    };
    prototype.ofClass = ofClass;
    prototype.delete = function () {
      destroy(ofClass.toWireType([], this));
      this.address = 0;
    };
    for (const each of [type, pointer, constPointer]) registeredTypes[each] = ofClass;
  },
  /** The types are that of the result, then those of the arguments, of `this` before them in a method. */
  $boundFunction__deps: ['$registeredTypes', '$wasmTable', '$heap32VectorToArray', '$runDestructors'],
  $boundFunction: (count, types, invoker, target, isMethod) => {
    const addresses = heap32VectorToArray(count, types);
    const call = wasmTable.get(invoker);
    const first = isMethod ? 2 : 1;
    let converters;
    return function (...values) {
      converters ??= addresses.map((type) => registeredTypes[type]);
      const wires = [target];
      const destructors = [];
      try {
        for (let i = 1; i < count; ++i) {
          wires.push(converters[i].toWireType(destructors, i < first ? this : values[i - first]));
        }
        return converters[0].fromWireType(call(...wires));
      } finally {
        runDestructors(destructors);
      }
    };
  },
  _embind_register_class_function__deps: ['$registeredTypes', '$boundFunction', '$readLatin1String'],
  _embind_register_class_function: (type, name, count, types, _signature, invoker, target, _virtual, _async, _null) => {
    registeredTypes[type].prototype[readLatin1String(name)] = boundFunction(count, types, invoker, target, true);
  },
  _embind_register_function__deps: ['$boundFunction', '$readLatin1String'],
  _embind_register_function: (name, count, types, _signature, invoker, target, _async, _null) => {
    Module[readLatin1String(name)] = boundFunction(count, types, invoker, target, false);
  },

  /** Calls of JavaScript from C++, whose arguments stand 8 bytes apart. */
  _emval_get_method_caller__deps: [
    '$emval_addMethodCaller',
    '$emval_returnValue',
    '$heap32VectorToArray',
    '$registeredTypes',
  ],
  _emval_get_method_caller: (count, types, _kind) => {
    const given = heap32VectorToArray(count, types).map((type) => registeredTypes[type]);
    const result = given.shift();
    return emval_addMethodCaller((object, method, destructors, values) => {
      const wires = given.map((type, index) => type.readValueFromPointer(values + 8 * index));
      return emval_returnValue(result, destructors, method.apply(object, wires));
    });
  },
  $emval_get_global: () => globalThis,
  $throwBindingError: (message) => {
    throw new TypeError(message);
  },
  $throwBindingError__deps: [],
});
