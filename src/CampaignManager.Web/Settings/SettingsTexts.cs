namespace CampaignManager.Web.Settings;

/// <summary>Marks the texts of settings pages.</summary>
public sealed class SettingsTexts;
