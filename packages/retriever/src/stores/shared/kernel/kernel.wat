;; Compares one query with many rows of float32. Every row takes $bytes, a multiple of 16, and the rows follow
;; each other. Each result is one float32 at $out. `npm run kernel` turns this file into kernel-bytes.ts.
(module
  (import "kernel" "memory" (memory 1))

  ;; Adds the four lanes of four sums.
  (func $total (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result f32)
    (local.set $a (f32x4.add
      (f32x4.add (local.get $a) (local.get $b))
      (f32x4.add (local.get $c) (local.get $d))))
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
      (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))

  ;; Inner products.
  (func (export "innerProducts")
    (param $query i32) (param $row i32) (param $bytes i32) (param $rows i32) (param $out i32)
    (local $q i32) (local $end i32) (local $unrolled i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $unrolled (i32.and (local.get $bytes) (i32.const -64)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $q (local.get $query))
        (local.set $end (i32.add (local.get $query) (local.get $unrolled)))
        (block $ready
          (loop $sixteen
            (br_if $ready (i32.ge_u (local.get $q) (local.get $end)))
            (local.set $a (f32x4.add (local.get $a)
              (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $row)))))
            (local.set $b (f32x4.add (local.get $b)
              (f32x4.mul (v128.load offset=16 (local.get $q)) (v128.load offset=16 (local.get $row)))))
            (local.set $c (f32x4.add (local.get $c)
              (f32x4.mul (v128.load offset=32 (local.get $q)) (v128.load offset=32 (local.get $row)))))
            (local.set $d (f32x4.add (local.get $d)
              (f32x4.mul (v128.load offset=48 (local.get $q)) (v128.load offset=48 (local.get $row)))))
            (local.set $q (i32.add (local.get $q) (i32.const 64)))
            (local.set $row (i32.add (local.get $row) (i32.const 64)))
            (br $sixteen)))
        (local.set $end (i32.add (local.get $query) (local.get $bytes)))
        (block $ready
          (loop $four
            (br_if $ready (i32.ge_u (local.get $q) (local.get $end)))
            (local.set $a (f32x4.add (local.get $a)
              (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $row)))))
            (local.set $q (i32.add (local.get $q) (i32.const 16)))
            (local.set $row (i32.add (local.get $row) (i32.const 16)))
            (br $four)))
        (f32.store (local.get $out)
          (call $total (local.get $a) (local.get $b) (local.get $c) (local.get $d)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $next))))

  ;; Squares of the Euclidean distances.
  (func (export "squaredDistances")
    (param $query i32) (param $row i32) (param $bytes i32) (param $rows i32) (param $out i32)
    (local $q i32) (local $end i32) (local $gap v128) (local $a v128) (local $zero v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $a (local.get $zero))
        (local.set $q (local.get $query))
        (local.set $end (i32.add (local.get $query) (local.get $bytes)))
        (block $ready
          (loop $four
            (br_if $ready (i32.ge_u (local.get $q) (local.get $end)))
            (local.set $gap (f32x4.sub (v128.load (local.get $q)) (v128.load (local.get $row))))
            (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $gap) (local.get $gap))))
            (local.set $q (i32.add (local.get $q) (i32.const 16)))
            (local.set $row (i32.add (local.get $row) (i32.const 16)))
            (br $four)))
        (f32.store (local.get $out)
          (call $total (local.get $a) (local.get $zero) (local.get $zero) (local.get $zero)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $next)))))
