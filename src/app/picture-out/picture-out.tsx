export default function PictureOut() { return null }
