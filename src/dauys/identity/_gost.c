/* The native kernel as a Python module: GOST R 34.10-2012 verification with 512-bit keys, and Streebog.

   Everything here checks public data, so variable time is fine; nothing signs. Data come as bytes objects, which do not
   change, so the interpreter's lock is released while the kernel computes on them. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000 /* Python 3.11: the first with buffers in the stable interface */
#include <Python.h>

#include "native/curve.h"
#include "native/streebog.h"

#define RELEASE_FROM 16384 /* bytes to hash, about 0.3 ms: for less, another thread's turn costs more than it gives */

/* The bytes of an object if it is `size` long, NULL where it is not; sets TypeError if it is no bytes object. */
static const uint8_t *bytes_of(PyObject *object, Py_ssize_t size, const char *what) {
    if (!PyBytes_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s must be bytes", what);
        return NULL;
    }
    return PyBytes_Size(object) == size ? (const uint8_t *)PyBytes_AsString(object) : NULL;
}

/* What is to be verified: pointers into bytes objects that the caller holds; NULL where a length is wrong. */
typedef struct {
    const uint8_t *key, *digest, *signature;
    bool good;
} task;

static void run(task *one) {
    one->good = one->key && one->digest && one->signature && gost_verify(one->key, one->digest, one->signature);
}

static int fill(task *one, PyObject *key, PyObject *digest, PyObject *signature) {
    one->key = bytes_of(key, KEY_BYTES, "a public key");
    one->digest = bytes_of(digest, DIGEST_BYTES, "a digest");
    one->signature = bytes_of(signature, SIGNATURE_BYTES, "a signature");
    return PyErr_Occurred() ? -1 : 0;
}

PyDoc_STRVAR(verify_doc, "verify(public_key, digest, signature)\n--\n\n"
                         "Whether the signature (128 bytes) of the digest (64) is that of the key (128).");

static PyObject *verify(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    task one;
    (void)module;
    if (count != 3) {
        PyErr_SetString(PyExc_TypeError, "verify takes a public key, a digest and a signature");
        return NULL;
    }
    if (fill(&one, arguments[0], arguments[1], arguments[2]) < 0) return NULL;
    Py_BEGIN_ALLOW_THREADS
    run(&one);
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(one.good);
}

static int fill_all(task *tasks, PyObject *items, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PyTuple_GetItem(items, i);
        if (!PyTuple_Check(item) || PyTuple_Size(item) != 3) {
            PyErr_SetString(PyExc_TypeError, "a batch is of tuples: public key, digest, signature");
            return -1;
        }
        if (fill(&tasks[i], PyTuple_GetItem(item, 0), PyTuple_GetItem(item, 1), PyTuple_GetItem(item, 2)) < 0) return -1;
    }
    return 0;
}

static PyObject *answers(const task *tasks, Py_ssize_t count) {
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list && i < count; i++) {
        if (PyList_SetItem(list, i, PyBool_FromLong(tasks[i].good)) < 0) Py_CLEAR(list);
    }
    return list;
}

PyDoc_STRVAR(verify_batch_doc, "verify_batch(items)\n--\n\n"
                               "A truth for each (public_key, digest, signature); the lock is released once for all.");

static PyObject *verify_batch(PyObject *module, PyObject *argument) {
    PyObject *list = NULL;
    (void)module;
    /* A tuple of tuples of bytes: whatever other threads do to the caller's list meanwhile, all of it stays. */
    PyObject *items = PySequence_Tuple(argument);
    if (!items) return NULL;
    Py_ssize_t count = PyTuple_Size(items);
    task *tasks = PyMem_Calloc((size_t)count, sizeof *tasks);
    if (!tasks) {
        PyErr_NoMemory();
    } else if (fill_all(tasks, items, count) == 0) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < count; i++) run(&tasks[i]);
        Py_END_ALLOW_THREADS
        list = answers(tasks, count);
    }
    PyMem_Free(tasks);
    Py_DECREF(items);
    return list;
}

/* Prepared: a public key with a table of its multiples. */

typedef struct {
    PyObject_HEAD
    comb *table; /* NULL where the key is no point: then nothing verifies */
} Prepared;

static comb *base_table; /* made with the first Prepared, under the interpreter's lock; kept for the process */

static PyObject *prepared_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    PyObject *key;
    if (keywords && PyDict_Size(keywords)) {
        PyErr_SetString(PyExc_TypeError, "Prepared takes no keywords");
        return NULL;
    }
    if (!PyArg_ParseTuple(arguments, "O:Prepared", &key)) return NULL;
    const uint8_t *bytes = bytes_of(key, KEY_BYTES, "a public key");
    if (PyErr_Occurred()) return NULL;
    if (!base_table && comb_make_base(&base_table) == COMB_NO_MEMORY) return PyErr_NoMemory();
    Prepared *self = (Prepared *)PyType_GenericAlloc(type, 0);
    if (self && bytes && comb_make(&self->table, bytes) == COMB_NO_MEMORY) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void prepared_free(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    comb_free(((Prepared *)self)->table);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyDoc_STRVAR(prepared_verify_doc, "verify($self, digest, signature)\n--\n\nAs the function verify, for this key.");

static PyObject *prepared_verify(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    const comb *table = ((Prepared *)self)->table;
    bool good = false;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "verify takes a digest and a signature");
        return NULL;
    }
    const uint8_t *digest = bytes_of(arguments[0], DIGEST_BYTES, "a digest");
    const uint8_t *signature = bytes_of(arguments[1], SIGNATURE_BYTES, "a signature");
    if (PyErr_Occurred()) return NULL;
    if (table && digest && signature) {
        Py_BEGIN_ALLOW_THREADS
        good = gost_verify_by_combs(base_table, table, digest, signature);
        Py_END_ALLOW_THREADS
    }
    return PyBool_FromLong(good);
}

static PyMethodDef prepared_methods[] = {
    {"verify", (PyCFunction)(void (*)(void))prepared_verify, METH_FASTCALL, prepared_verify_doc},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot prepared_slots[] = {
    {Py_tp_doc, "Prepared(public_key)\n--\n\nA key with a table of its multiples (1.9 MB): for those of CAs."},
    {Py_tp_new, (void *)prepared_new},
    {Py_tp_dealloc, (void *)prepared_free},
    {Py_tp_methods, prepared_methods},
    {0, NULL},
};

static PyType_Spec prepared_spec = {
    "dauys.identity._gost.Prepared", sizeof(Prepared), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, prepared_slots,
};

/* Streebog. */

static PyObject *digest_of(PyObject *data, int bits) {
    uint8_t digest[STREEBOG_BYTES];
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return NULL;
    if (view.len >= RELEASE_FROM) {
        Py_BEGIN_ALLOW_THREADS
        streebog(digest, bits, view.buf, (size_t)view.len);
        Py_END_ALLOW_THREADS
    } else {
        streebog(digest, bits, view.buf, (size_t)view.len);
    }
    PyBuffer_Release(&view);
    return PyBytes_FromStringAndSize((const char *)digest, bits / 8);
}

static PyObject *streebog512(PyObject *module, PyObject *data) {
    (void)module;
    return digest_of(data, 512);
}

static PyObject *streebog256(PyObject *module, PyObject *data) {
    (void)module;
    return digest_of(data, 256);
}

static PyMethodDef functions[] = {
    {"verify", (PyCFunction)(void (*)(void))verify, METH_FASTCALL, verify_doc},
    {"verify_batch", verify_batch, METH_O, verify_batch_doc},
    {"streebog512", streebog512, METH_O, "streebog512(data)\n--\n\nThe 64-byte digest of GOST R 34.11-2012."},
    {"streebog256", streebog256, METH_O, "streebog256(data)\n--\n\nThe 32-byte digest of GOST R 34.11-2012."},
    {NULL, NULL, 0, NULL},
};

static int start(PyObject *module) {
    gost_start();
    streebog_start();
    PyObject *type = PyType_FromSpec(&prepared_spec);
    if (!type) return -1;
    int added = PyModule_AddObjectRef(module, "Prepared", type);
    Py_DECREF(type);
    return added;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)start}, {0, NULL}};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "dauys.identity._gost",
    .m_doc = "GOST R 34.10-2012 verification with 512-bit keys, and Streebog; see native/.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__gost(void) {
    return PyModuleDef_Init(&definition);
}
