"""The programs that run on the graphics card, in GLSL 1.20, which every driver since 2006 understands."""

SURFACE_VERTEX = """
#version 120
attribute vec2 a_place;    // in the scene
attribute float a_height;  // of the loss itself, not clipped
attribute vec2 a_slope;    // shares of the scale per unit of the scene
attribute float a_sky;     // share of the sky that is seen from here
attribute float a_colour;  // share of the colour scale; below zero where it is not known
attribute float a_known;   // 1 evaluated, 0 interpolated
uniform mat4 u_matrix;
uniform float u_bottom;
uniform float u_top;
uniform float u_tall;
varying vec3 v_point;
varying vec3 v_normal;
varying vec4 v_values;     // height, sky, colour, known

void main() {
    float share = clamp((a_height - u_bottom) / (u_top - u_bottom), 0.0, 1.0);
    v_point = vec3(a_place, share * u_tall);
    v_normal = vec3(-a_slope * u_tall, 1.0);
    v_values = vec4(a_height, a_sky, a_colour, a_known);
    gl_Position = u_matrix * vec4(v_point, 1.0);
}
"""

# Light: strong ambient, so that a colour can be read off the bar, less of it where little of the sky is seen; a key
# light over the viewer's left shoulder, so that form shows from every side; a weak sheen. All of it is without a hue.
# What is seen from below is darker: inside and outside of a basin differ.
SURFACE_FRAGMENT = """
#version 120
uniform sampler2D u_colours;  // along the scale
uniform sampler2D u_levels;   // the contour level nearest to each place of the scale
uniform float u_bottom;
uniform float u_top;
uniform vec3 u_eye;
uniform vec3 u_key;
uniform vec3 u_fill;
uniform vec3 u_background;
uniform vec3 u_over;       // above the limit
uniform float u_lines;    // opacity of contour lines
uniform float u_spacing;  // mean distance of two levels
uniform float u_pale;     // how far interpolated parts fade into the background
uniform float u_pixel;    // device pixels per logical pixel
varying vec3 v_point;
varying vec3 v_normal;
varying vec4 v_values;

void main() {
    float height = v_values.x;
    float share = clamp((height - u_bottom) / (u_top - u_bottom), 0.0, 1.0);
    vec3 colour = texture2D(u_colours, vec2((clamp(v_values.z, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb;
    colour = mix(vec3(0.62), colour, step(0.0, v_values.z + 1e-4));
    float across = max(fwidth(height), 1e-9);

    // Above the limit: a plane, with a quiet diagonal hatch that stays on it when it is turned.
    float over = step(1e-6, height - u_top);
    colour = mix(colour, u_over, over);
    float along = (v_point.x + v_point.y) * 15.0;
    float stripe = abs(fract(along) - 0.5);
    float soft = max(fwidth(along), 1e-6);
    float hatch = clamp((stripe - 0.42) / soft + 0.5, 0.0, 1.0) * clamp(1.2 - soft, 0.0, 1.0);
    colour = mix(colour, colour * 0.80, over * hatch);

    float level = texture2D(u_levels, vec2(share, 0.5)).r;
    float line = 1.0 - smoothstep(0.25 * u_pixel, 1.1 * u_pixel, abs(height - level) / across);
    line *= step(2e-6, across) * clamp(u_spacing / (4.0 * across), 0.0, 1.0);  // a cliff is not a heap of lines
    float bright = dot(colour, vec3(0.3, 0.6, 0.1));
    vec3 ink = bright < 0.33 ? colour + 0.42 : colour * 0.35;
    colour = mix(colour, ink, u_lines * line);

    vec3 view = normalize(u_eye - v_point);
    // By the triangle, not by its smooth normal, which turns away too early at the crest of a ridge.
    float below = gl_FrontFacing ? 0.0 : 1.0;
    vec3 normal = normalize(mix(v_normal, vec3(0.0, 0.0, 1.0), over)) * (1.0 - 2.0 * below);
    float sky = mix(v_values.y, 0.80, below);
    float key = clamp((dot(normal, u_key) + 0.12) / 1.12, 0.0, 1.0);
    float fill = clamp(dot(normal, u_fill), 0.0, 1.0);
    float sheen = clamp(dot(normal, normalize(u_key + view)), 0.0, 1.0);
    sheen *= sheen; sheen *= sheen; sheen *= sheen; sheen *= sheen; sheen *= sheen;  // to the 32nd
    float light = 0.32 + 0.26 * sky + (0.62 * key + 0.08 * fill) * (0.55 + 0.45 * sky);
    colour = colour * light * (1.0 - 0.16 * below) + vec3(0.13) * sheen * sky * (1.0 - below) * (1.0 - over);

    colour = mix(colour, u_background, u_pale * (1.0 - v_values.w));
    gl_FragColor = vec4(colour, 1.0);
}
"""

# A line is a narrow rectangle in pixels, with soft edges: the same width on every driver and every screen.
LINE_VERTEX = """
#version 120
attribute vec3 a_from;
attribute vec3 a_to;
attribute vec2 a_corner;  // 0 at the start, 1 at the end; -1 and 1 the two sides
attribute vec4 a_colour;
uniform mat4 u_matrix;
uniform vec2 u_viewport;  // device pixels
uniform float u_width;    // device pixels
uniform float u_cap;      // beyond its ends, in widths: closes corners, but shows where the line is not opaque
uniform float u_lift;     // towards the viewer, so that a line on the surface is not swallowed by it
varying vec4 v_colour;
varying float v_across;

void main() {
    vec4 start = u_matrix * vec4(a_from, 1.0);
    vec4 end = u_matrix * vec4(a_to, 1.0);
    vec2 run = (end.xy / end.w - start.xy / start.w) * u_viewport;
    vec2 along = run / max(length(run), 1e-6);
    float reach = 0.5 * u_width + 1.0;
    vec4 here = mix(start, end, a_corner.x);
    vec2 offset = vec2(-along.y, along.x) * a_corner.y * reach + along * (2.0 * a_corner.x - 1.0) * u_cap * u_width;
    here.xy += 2.0 * offset / u_viewport * here.w;
    here.z -= u_lift * here.w;
    v_across = a_corner.y * reach;
    v_colour = a_colour;
    gl_Position = here;
}
"""

LINE_FRAGMENT = """
#version 120
uniform float u_width;
uniform float u_opacity;
varying vec4 v_colour;
varying float v_across;

void main() {
    float soft = clamp(0.5 * u_width + 0.5 - abs(v_across), 0.0, 1.0);
    gl_FragColor = vec4(v_colour.rgb, v_colour.a * soft * u_opacity);
}
"""

# A mark is a square of pixels, always turned to the viewer, in which a shape is cut out.
POINT_VERTEX = """
#version 120
attribute vec3 a_place;
attribute vec2 a_corner;   // -1 to 1
attribute float a_radius;  // device pixels
attribute float a_shape;   // as in point_set.py
attribute vec4 a_inside;
attribute vec4 a_outline;
uniform mat4 u_matrix;
uniform vec2 u_viewport;   // device pixels
uniform float u_lift;      // towards the viewer, so that a mark on the surface is not swallowed by it
varying vec2 v_offset;
varying float v_radius;
varying float v_shape;
varying vec4 v_inside;
varying vec4 v_outline;

void main() {
    vec4 here = u_matrix * vec4(a_place, 1.0);
    v_offset = a_corner * (a_radius + 1.0);
    v_radius = a_radius;
    v_shape = a_shape;
    v_inside = a_inside;
    v_outline = a_outline;
    here.xy += 2.0 * v_offset / u_viewport * here.w;
    here.z -= u_lift * here.w;
    gl_Position = here;
}
"""

POINT_FRAGMENT = """
#version 120
uniform float u_opacity;
varying vec2 v_offset;
varying float v_radius;
varying float v_shape;
varying vec4 v_inside;
varying vec4 v_outline;

void main() {
    vec2 far = abs(v_offset);
    float distance = length(v_offset);              // disc
    if (v_shape > 0.5) distance = max(far.x, far.y) * 1.12;      // square
    if (v_shape > 1.5) distance = (far.x + far.y) * 0.78;        // diamond
    if (v_shape > 2.5) distance = (min(far.x, far.y) < 0.2 * v_radius) ? max(far.x, far.y) : 1e3;  // cross
    float whole = clamp(v_radius + 0.5 - distance, 0.0, 1.0);
    float core = clamp(v_radius - max(0.34 * v_radius, 1.0) + 0.5 - distance, 0.0, 1.0);
    vec4 colour = mix(v_outline, v_inside, core);
    gl_FragColor = vec4(colour.rgb, colour.a * whole * u_opacity);
}
"""
