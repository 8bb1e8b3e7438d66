;; Compares one query of int16 with many rows of int8. A row is $bytes numbers, a multiple of 32, and 16 bytes more:
;; the scale of the row, and the length of what rounding took from it, both float32. The rows follow each other.
;; `npm run kernel` turns this file into kernel-bytes.ts.
(module
  (import "kernel" "memory" (memory 1))

  ;; Rounds a vector of $bytes float32, whose largest number becomes 127, to the row at $row.
  (func (export "quantize") (param $vector i32) (param $bytes i32) (param $row i32)
    (local $v i32) (local $end i32) (local $largest f32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $most v128) (local $factor v128) (local $squares v128)
    (local.set $end (i32.add (local.get $vector) (i32.shl (local.get $bytes) (i32.const 2))))
    (local.set $v (local.get $vector))
    (block $found
      (loop $four
        (br_if $found (i32.ge_u (local.get $v) (local.get $end)))
        (local.set $most (f32x4.max (local.get $most) (f32x4.abs (v128.load (local.get $v)))))
        (local.set $v (i32.add (local.get $v) (i32.const 16)))
        (br $four)))
    (local.set $largest (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $most)) (f32x4.extract_lane 1 (local.get $most)))
      (f32.max (f32x4.extract_lane 2 (local.get $most)) (f32x4.extract_lane 3 (local.get $most)))))
    (local.set $factor (f32x4.splat (f32.div (f32.const 127) (local.get $largest))))
    (local.set $v (local.get $vector))
    (block $done
      (loop $sixteen
        (br_if $done (i32.ge_u (local.get $v) (local.get $end)))
        (local.set $a (f32x4.mul (v128.load (local.get $v)) (local.get $factor)))
        (local.set $b (f32x4.mul (v128.load offset=16 (local.get $v)) (local.get $factor)))
        (local.set $c (f32x4.mul (v128.load offset=32 (local.get $v)) (local.get $factor)))
        (local.set $d (f32x4.mul (v128.load offset=48 (local.get $v)) (local.get $factor)))
        (v128.store (local.get $row)
          (i8x16.narrow_i16x8_s
            (i16x8.narrow_i32x4_s
              (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $a)))
              (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $b))))
            (i16x8.narrow_i32x4_s
              (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $c)))
              (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $d))))))
        (local.set $a (f32x4.sub (local.get $a) (f32x4.nearest (local.get $a))))
        (local.set $b (f32x4.sub (local.get $b) (f32x4.nearest (local.get $b))))
        (local.set $c (f32x4.sub (local.get $c) (f32x4.nearest (local.get $c))))
        (local.set $d (f32x4.sub (local.get $d) (f32x4.nearest (local.get $d))))
        (local.set $squares (f32x4.add (local.get $squares)
          (f32x4.add
            (f32x4.add (f32x4.mul (local.get $a) (local.get $a)) (f32x4.mul (local.get $b) (local.get $b)))
            (f32x4.add (f32x4.mul (local.get $c) (local.get $c)) (f32x4.mul (local.get $d) (local.get $d))))))
        (local.set $v (i32.add (local.get $v) (i32.const 64)))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (br $sixteen)))
    (f32.store (local.get $row) (f32.div (local.get $largest) (f32.const 127)))
    (f32.store offset=4 (local.get $row)
      (f32.mul (f32.div (local.get $largest) (f32.const 127)) (f32.sqrt (call $total (local.get $squares))))))

  ;; Upper bounds of the inner products, without the rounding of the query and of this computation. $reach is the
  ;; length of the query. Each result is one float32 at $out.
  (func (export "bounds")
    (param $query i32) (param $row i32) (param $bytes i32) (param $rows i32) (param $reach f32) (param $out i32)
    (local $q i32) (local $end i32) (local $r v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $q (local.get $query))
        (local.set $end (i32.add (local.get $row) (local.get $bytes)))
        (block $ready
          (loop $numbers
            (br_if $ready (i32.ge_u (local.get $row) (local.get $end)))
            (local.set $r (v128.load (local.get $row)))
            (local.set $a (i32x4.add (local.get $a)
              (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $r)) (v128.load (local.get $q)))))
            (local.set $b (i32x4.add (local.get $b)
              (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $r)) (v128.load offset=16 (local.get $q)))))
            (local.set $r (v128.load offset=16 (local.get $row)))
            (local.set $c (i32x4.add (local.get $c)
              (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $r)) (v128.load offset=32 (local.get $q)))))
            (local.set $d (i32x4.add (local.get $d)
              (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $r)) (v128.load offset=48 (local.get $q)))))
            (local.set $q (i32.add (local.get $q) (i32.const 64)))
            (local.set $row (i32.add (local.get $row) (i32.const 32)))
            (br $numbers)))
        (f32.store (local.get $out) (f32.add
          (f32.mul (f32.load (local.get $row)) (call $total (f32x4.convert_i32x4_s
            (i32x4.add (i32x4.add (local.get $a) (local.get $b)) (i32x4.add (local.get $c) (local.get $d))))))
          (f32.mul (f32.load offset=4 (local.get $row)) (local.get $reach))))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $next))))

  (func $total (param $sums v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $sums)) (f32x4.extract_lane 1 (local.get $sums)))
      (f32.add (f32x4.extract_lane 2 (local.get $sums)) (f32x4.extract_lane 3 (local.get $sums))))))
