using System.Runtime.CompilerServices;
using CampaignManager.Application.Uplift;

namespace CampaignManager.Application.Tests.Uplift;

internal static class NativeThreadsInitializer
{
    [ModuleInitializer]
    internal static void WaitQuietly() => NativeThreads.WaitQuietly();
}
