namespace CampaignManager.Application.Imports;

/// <summary>A file looked into, and a mapping to start from.</summary>
/// <param name="Mapping">Of its kind; need not be complete.</param>
public sealed record ImportLook(string FileName, long SizeBytes, FileInspection File, ImportMapping Mapping);
