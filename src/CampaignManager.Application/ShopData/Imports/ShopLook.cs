using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>The files of an import, looked into.</summary>
/// <param name="Mapping">What was chosen so far.</param>
/// <param name="Template">Key of the template they are read by; null where none fits or several do.</param>
/// <param name="TemplateJson">That template; an empty one where none fits.</param>
/// <param name="Templates">All of this kind.</param>
/// <param name="Fitting">Keys of those whose columns are there.</param>
public sealed record ShopLook(
    string Kind, IReadOnlyList<ShopFileLook> Files, ShopMapping Mapping, string? Template, string TemplateJson, IReadOnlyList<ImportTemplateView> Templates,
    IReadOnlyList<string> Fitting, bool DemoPresent);

/// <summary>One file.</summary>
/// <param name="Readings">The same words as several encodings read them; empty where the file says which it is.</param>
public sealed record ShopFileLook(string FileName, long SizeBytes, IReadOnlyList<ShopColumnLook> Columns, IReadOnlyList<EncodingReading> Readings);

/// <param name="Samples">Some of its values; none of a column that names persons or is dropped.</param>
/// <param name="Hidden">It names persons, or is dropped: what stands in it is not shown.</param>
public sealed record ShopColumnLook(string Name, IReadOnlyList<string> Samples, bool Hidden);
